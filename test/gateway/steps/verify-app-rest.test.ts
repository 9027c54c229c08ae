import { expect } from 'chai'
import { notSigned } from '../../answers.js'
import { signParameters } from '../../harness.js'
import { withGateway } from '../../suite.js'

const tokenMethod = 'front.account.wechat.getXcxAccessToken'
const tokenPath = '/front/account/wechat/getXcxAccessToken'

withGateway('a legacy signature on a REST path', (gateway) => {
  const send = (path: string, params: Record<string, string>) =>
    gateway.request(`${path}?${new URLSearchParams(params).toString()}`)
  const signed = (params: Record<string, string>) => signParameters(gateway.web, params)

  it('opens only the method that it was made for', async () => {
    const forAnother = signed({ method: 'web.passport.getUserVerifyInfo', uid: '1' })
    expect((await send(tokenPath, forAnother)).text).to.equal(notSigned)
    const right = await send(tokenPath, signed({ method: tokenMethod }))
    expect(right.text).not.to.equal(notSigned)
  })

  it('covers the method also where it is not sent, if it alone opens the method', async () => {
    expect((await send(tokenPath, signed({}))).text).to.equal(notSigned)
    const { method: _, ...sent } = signed({ method: tokenMethod })
    expect((await send(tokenPath, sent)).text).not.to.equal(notSigned)
  })

  it('may be made without a method where a session opens it, and never for another one', async () => {
    const path = '/front/account/login/protocol'
    expect((await send(path, signed({ document_type: 'a' }))).json?.status).to.equal(200)
    const forAnother = signed({ method: 'front.account.login.login', document_type: 'a' })
    expect((await send(path, forAnother)).text).to.equal(notSigned)
  })
})
