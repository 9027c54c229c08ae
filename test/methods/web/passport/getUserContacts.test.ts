import { expect } from 'chai'
import { changed } from '../../../answers.js'
import { withGateway } from '../../../suite.js'
import { itChecksUser } from './checks-user.js'

const method = 'web.passport.getUserContacts'

withGateway(method, (gateway) => {
  const store = async (contacts: Record<string, string>) => {
    const uid = String((await gateway.addUser()).uid)
    const { text } = await gateway.call('web.passport.modifyUserContacts', { uid, ...contacts })
    expect(text).to.equal(changed)
    return uid
  }

  it('answers what was stored, the numbers masked', async () => {
    const uid = await store({
      qq: '10001',
      msn: 'a@example.com',
      mobile: '13912345678',
      phone: '02512345678',
      area_code: '110101',
      full_address: '南京市中山路1号',
      zip_code: '210000',
    })
    const { status, text } = await gateway.call(method, { uid })
    expect(status).to.equal(200)
    expect(text).to.equal(
      `{"code":200,"data":{"uid":${uid},"qq":"10001","msn":"a@example.com","mobile":"139****5678",` +
        '"phone":"025****5678","area_code":110101,"full_address":"南京市中山路1号","zip_code":"210000"},' +
        '"message":"成功"}',
    )
  })

  it('answers empty texts and the area code 0 for a user who has stored nothing', async () => {
    const { uid } = await gateway.addUser()
    expect((await gateway.call(method, { uid: String(uid) })).text).to.equal(
      `{"code":200,"data":{"uid":${uid},"qq":"","msn":"","mobile":"","phone":"","area_code":0,` +
        '"full_address":"","zip_code":""},"message":"成功"}',
    )
  })

  it('masks a number of another area behind its dash', async () => {
    const uid = await store({ mobile: '852-61234567', phone: '1-2025550143' })
    expect((await gateway.call(method, { uid })).json?.data).to.include({
      mobile: '852-612****7',
      phone: '1-202****143',
    })
  })

  it("keeps a user's contacts from another user", async () => {
    await store({ qq: '10002' })
    const { uid } = await gateway.addUser()
    expect((await gateway.call(method, { uid: String(uid) })).json?.data).to.include({ uid, qq: '' })
  })

  itChecksUser(gateway, method, [{}, { uid: '' }, { uid: 'abc' }])
})
