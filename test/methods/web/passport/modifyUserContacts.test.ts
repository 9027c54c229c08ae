import { expect } from 'chai'
import { changed, paramError, uidMissing, userNotExists } from '../../../answers.js'
import { withGateway } from '../../../suite.js'

const method = 'web.passport.modifyUserContacts'
const contacts = {
  qq: '10001',
  msn: 'a@example.com',
  mobile: '13912345678',
  phone: '02512345678',
  area_code: '110101',
  full_address: '中山路1号',
  zip_code: '210000',
}

withGateway(method, (gateway) => {
  let uid: string
  beforeEach(async () => {
    uid = String((await gateway.addUser()).uid)
  })

  const modify = (change: Record<string, string>) => gateway.call(method, { uid, ...change })
  const stored = async () =>
    gateway
      .db('passport_profile')
      .where({ user_id: Number(uid) })
      .first()

  it('stores all fields, unmasked, and answers an empty object', async () => {
    const { status, text } = await gateway.call(method, { uid, ...contacts }, { verb: 'POST' })
    expect(status).to.equal(200)
    expect(text).to.equal(changed)
    expect(await stored()).to.include({ ...contacts, area_code: 110101 })
  })

  it('changes the given fields only; an empty text clears', async () => {
    await modify(contacts)
    expect((await modify({ qq: '10002', msn: '' })).text).to.equal(changed)
    expect(await stored()).to.include({ ...contacts, area_code: 110101, qq: '10002', msn: '' })
  })

  it('changes nothing and answers success when no field is given', async () => {
    await modify(contacts)
    expect((await modify({})).text).to.equal(changed)
    expect(await stored()).to.include({ ...contacts, area_code: 110101 })
  })

  it('leaves habits and brands alone', async () => {
    await gateway.call('web.passport.modifyUserHabits', { uid, shopping: '1,3', dress: '2' })
    await gateway.call('web.passport.modifyLikeBrand', { uid, brand: '144' })
    await modify(contacts)
    expect(await stored()).to.include({ shopping: '1,3', dress: '2', brand: '144' })
  })

  it('loses no field when fields are changed at the same time', async () => {
    const changes = Object.entries(contacts).map(([name, value]) => modify({ [name]: value }))
    for (const { text } of await Promise.all(changes)) expect(text).to.equal(changed)
    expect(await stored()).to.include({ ...contacts, area_code: 110101 })
  })

  it('stores any character as it was sent', async () => {
    const full_address = `<b>"1'; DROP TABLE users --" 👋 % \\`
    expect((await modify({ full_address })).text).to.equal(changed)
    expect((await stored())?.full_address).to.equal(full_address)
  })

  it('takes texts as long as they can be stored and refuses longer ones', async () => {
    const longest = { qq: 20, msn: 100, mobile: 20, phone: 30, full_address: 255, zip_code: 20 }
    for (const [name, length] of Object.entries(longest)) {
      expect((await modify({ [name]: '号'.repeat(length) })).text, name).to.equal(changed)
      expect((await modify({ [name]: '号'.repeat(length + 1) })).text, name).to.equal(paramError)
      expect(await stored()).to.have.property(name, '号'.repeat(length))
    }
  })

  it('refuses an area code that is no whole number from 0 to 2147483647', async () => {
    expect((await modify({ area_code: '2147483647' })).text).to.equal(changed)
    for (const area_code of ['x', '-1', '1.5', '0x10', '2147483648'])
      expect((await modify({ area_code })).text, area_code).to.equal(paramError)
    expect((await stored())?.area_code).to.equal(2147483647)
  })

  it('checks the uid, then the user', async () => {
    for (const wrong of ['', 'abc'])
      expect((await modify({ uid: wrong, area_code: 'x' })).text).to.equal(uidMissing)
    expect((await gateway.call(method)).text).to.equal(uidMissing)
    expect((await modify({ uid: '99999999', qq: '1' })).text).to.equal(userNotExists)
    expect(await gateway.db('passport_profile').where({ user_id: 99999999 })).to.deep.equal([])
  })
})
