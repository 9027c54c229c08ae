import { expect } from 'chai'
import { withGateway } from '../../suite.js'

// The digests are those of passport.md §2, or were computed by hand:  printf '%s' 'made-up-salt:…' | md5sum
withGateway('the passport envelope with a salt', { PASSPORT_SALT: 'made-up-salt' }, (gateway) => {
  let uid: string
  before(async () => {
    uid = String((await gateway.addUser()).uid)
  })

  const checksum = 'x-yh-response-checksum'

  it('has alg, code, data, md5 and message in this order, and a checksum of the body', async () => {
    const answer = await gateway.call('web.passport.checkVerifyEmail', { uid, email: 'a@example.com' })
    expect(answer.text).to.equal(
      '{"alg":"SALT_MD5","code":200,"data":[],"md5":"df9ef636f266a2af703572dd11cc6009","message":"操作成功"}',
    )
    expect(answer.headers.get(checksum)).to.equal('d35765071a2c1ec6681f4754e6090c22')
  })

  it('covers the service answer', async () => {
    const answer = await gateway.call('web.passport.verifyUserPwd', { uid, password: 'right password' })
    expect(answer.text).to.equal(
      '{"alg":"SALT_MD5","code":200,"data":{"code":200,"message":"success."},' +
        '"md5":"061f42adb5ce1d8c1c6d67c2ee536bcd","message":"操作成功"}',
    )
  })

  it('covers data with its keys sorted, but shows them in their own order', async () => {
    expect(uid).to.equal('10002')
    const modified = await gateway.call('web.passport.modifyUserHabits', { uid, shopping: '1,3' })
    expect(modified.text).to.include('"data":{},"md5":"69d920308928f1087d40498acde1aa79"')
    const answer = await gateway.call('web.passport.getUserHabits', { uid })
    // {"dress":"","shopping":"1,3","uid":10002}
    expect(answer.text).to.equal(
      '{"alg":"SALT_MD5","code":200,"data":{"uid":10002,"shopping":"1,3","dress":""},' +
        '"md5":"0b2a1bc7fb91758df84700ebb83db702","message":"成功"}',
    )
    expect(answer.headers.get(checksum)).to.equal('4e3ec83559e06f5a8b2e0c2de59574d1')
  })

  it('leaves an error with code and message alone, and has a checksum for it too', async () => {
    const answer = await gateway.request('/gateway')
    expect(answer.text).to.equal('{"code":1000,"message":"接口不存在"}')
    expect(answer.headers.get(checksum)).to.equal('a82d8f93db7031a5a74c2cd418a4a1d9')
  })

  it('leaves the account envelope alone', async () => {
    const answer = await gateway.request('/front/account/login/logout')
    expect(answer.text).to.equal('{"status":200,"code":0,"msg":"操作成功","data":{"token":""},"error":null}')
    expect(answer.headers.get(checksum)).to.equal(null)
  })
})
