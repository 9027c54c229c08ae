import { expect } from 'chai'
import type { HttpAnswer } from '../../fetch-answer.js'
import { withGateway } from '../../suite.js'

const outline = ({ status, text }: HttpAnswer) => `${status} ${text}`
const logout = '/front/account/login/logout'
const loggedOut = '200 {"status":200,"code":0,"msg":"操作成功","data":{"token":""},"error":null}'

withGateway('the session of a call', (gateway) => {
  /** Whether logging out by this request has ended the session whose token it carries. */
  async function endsSession(
    request: (token: string) => [path: string, init?: RequestInit],
  ): Promise<boolean> {
    const user = await gateway.addUser()
    const token = await user.startSession()
    const answer = await gateway.request(...request(token))
    expect(outline(answer)).to.equal(loggedOut)
    return gateway.services.sessions.verify(token).then(
      () => false,
      () => true,
    )
  }
  const withHeader = (Authorization: string): [string, RequestInit] => [
    logout,
    { headers: { Authorization } },
  ]

  it('is found in Authorization with or without Bearer, else in access_token, else in perm_key', async () => {
    expect(await endsSession((token) => withHeader(`Bearer ${token}`))).to.equal(true)
    expect(await endsSession((token) => withHeader(`bearer  ${token}`))).to.equal(true)
    expect(await endsSession((token) => withHeader(token))).to.equal(true)
    expect(await endsSession((token) => [`${logout}?access_token=${token}`])).to.equal(true)
    expect(await endsSession((token) => [`${logout}?perm_key=${token}&perm_id=1`])).to.equal(true)
    expect(
      await endsSession((token) => [
        logout,
        { method: 'POST', body: new URLSearchParams({ perm_key: token }) },
      ]),
    ).to.equal(true)
    expect(await endsSession((token) => [`${logout}?session_key=${token}`])).to.equal(false)
  })

  it('is looked for in the next place where one says empty, null or undefined', async () => {
    for (const none of [
      '',
      'null',
      'undefined',
      'Bearer',
      'Bearer null',
      'Basic dXNlcjpwYXNz',
      'basic  x',
      'Basic',
      'Digest a="b", c=d',
      'Negotiate x=',
    ]) {
      const headers = { Authorization: none }
      expect(
        await endsSession((token) => [`${logout}?access_token=null&perm_key=${token}`, { headers }]),
      ).to.equal(true)
    }
    expect(await endsSession((token) => [`${logout}?access_token=broken&perm_key=${token}`])).to.equal(false)
  })

  it('counts as none on open paths when its token is broken or expired', async () => {
    expect(outline(await gateway.request(...withHeader('Bearer broken')))).to.equal(loggedOut)
    const token = await (await gateway.addUser()).startSession()
    gateway.clock.advance(25 * 3_600_000)
    expect(outline(await gateway.request(...withHeader(token)))).to.equal(loggedOut)
  })
})
