import { expect } from 'chai'
import { prepared, withGateway } from '../../../../suite.js'

const path = '/front/account/login/logout'
const success = '{"status":200,"code":0,"msg":"操作成功","data":{"token":""},"error":null}'

withGateway('front.account.login.logout', (gateway) => {
  const publicApp = prepared(before, () => gateway.addApp({ trust: 'public' }))
  const user = prepared(before, () => gateway.addUser())

  const isAlive = async (session_key: string) => {
    const params = { uid: String(user.uid), session_key }
    const { json } = await gateway.call('web.passport.getLikeBrand', params, { app: publicApp })
    return json?.code === 200
  }

  it('ends the session of the token, wherever it stands, and no other', async () => {
    const kept = await user.startSession()
    const ways: ((token: string) => [string, RequestInit])[] = [
      (token) => [path, { headers: { Authorization: `Bearer ${token}` } }],
      (token) => [path, { headers: { Authorization: token } }],
      (token) => [`${path}?access_token=${token}`, {}],
      (token) => [`${path}?perm_key=${token}&perm_id=1`, {}],
      (token) => [path, { method: 'POST', body: new URLSearchParams({ access_token: token }) }],
      (token) => [`${path}?perm_key=${token}`, { method: 'POST' }],
    ]
    for (const [at, way] of ways.entries()) {
      const token = await user.startSession()
      expect(await isAlive(token)).to.equal(true)
      const { status, text } = await gateway.request(...way(token))
      expect(status).to.equal(200)
      expect(text, `way ${at}`).to.equal(success)
      expect(await isAlive(token), `way ${at}`).to.equal(false)
    }
    expect(await isAlive(kept)).to.equal(true)
  })

  it('answers the same for a token that has ended already', async () => {
    const token = await user.startSession()
    for (let time = 0; time < 2; time++)
      expect((await gateway.request(`${path}?access_token=${token}`)).text).to.equal(success)
  })

  it('answers the same for no token, an empty one, a forged one and one that is too old', async () => {
    const old = await user.startSession()
    gateway.clock.advance(25 * 3_600_000)
    for (const token of ['', 'null', 'undefined', 'forged', 'a.b.c', old]) {
      const { status, text } = await gateway.request(`${path}?access_token=${token}`)
      expect(status).to.equal(200)
      expect(text, token).to.equal(success)
    }
    expect((await gateway.request(path)).text).to.equal(success)
    expect((await gateway.request(path, { method: 'POST' })).text).to.equal(success)
    expect((await gateway.request(path, { headers: { Authorization: 'Bearer ' } })).text).to.equal(success)
  })

  it('answers in the envelope of the gateway under its method name, without a signature', async () => {
    const token = await user.startSession()
    const { text } = await gateway.request(`/gateway?method=front.account.login.logout&session_key=${token}`)
    expect(text).to.equal('{"code":200,"data":{"token":""},"message":"操作成功"}')
    expect(await isAlive(token)).to.equal(false)
  })
})
