import { expect } from 'chai'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import {
  checkCallback,
  sendRecoveryMail,
  sendVerificationMail,
} from '../../../../methods/rules/mail/links.js'
import { readMailToken } from '../../../../methods/rules/mail/tokens.js'
import { withGateway } from '../../../suite.js'

const hosts = {
  PUBLIC_URL: 'https://passport.test/accounts/',
  CALLBACK_HOSTS: 'www.example.com, Shop.Example.com:8443, localhost',
}

withGateway('mailed links', hosts, (gateway) => {
  const refusal = (callback: string | undefined) => {
    try {
      checkCallback(gateway.services, callback)
      return undefined
    } catch (error) {
      if (error instanceof GatewayError) return error.key
      throw error
    }
  }
  const linkIn = (text: string) => /https?:\S+/.exec(text)?.[0] ?? ''

  it('may open no page, which means the hosted one', () => {
    for (const callback of [undefined, '']) expect(refusal(callback)).to.equal(undefined)
  })

  it('may open pages of the configured hosts and of our own', () => {
    const allowed = [
      'https://www.example.com',
      'https://www.example.com/a/b?c=d#e',
      'HTTPS://WWW.EXAMPLE.COM/',
      'https://www.example.com:443/',
      'https://shop.example.com:8443/',
      'https://localhost/',
      'https://passport.test/anything',
    ]
    for (const callback of allowed) expect(refusal(callback), callback).to.equal(undefined)
  })

  it('may open no other page', () => {
    const refused = [
      // The token would travel in the open.
      'http://www.example.com/a/b?c=d#e',
      'HTTP://localhost/',
      'https://example.com/',
      'https://a.www.example.com/',
      'https://www.example.com./',
      'https://www.example.comm/',
      'https://www.example.com:444/',
      'https://shop.example.com/',
      'http://localhost:3000/',
      'https://www.example.com@evil.example/',
      'https://a:b@www.example.com/',
      'https://evil.example/?https://www.example.com/',
      'https://evil.example\\.www.example.com/',
      'javascript://www.example.com/%0aalert(1)',
      'data:text/html,www.example.com',
      'ftp://www.example.com/',
      'file://www.example.com/',
      '//www.example.com/',
      '/verified',
      'www.example.com',
      'https://',
      'null',
    ]
    for (const callback of refused) expect(refusal(callback), callback).to.equal('PARAM_ERROR')
  })

  it('open the hosted pages below the public URL', async () => {
    const { uid } = await gateway.addUser()
    const to = { userId: uid, email: 'a@example.com', generation: 0 }
    await sendVerificationMail(gateway.services, to)
    await sendRecoveryMail(gateway.services, to)
    const [recovery, verification] = await gateway.sentTo('a@example.com')
    const verify = linkIn(verification?.text ?? '')
    const reset = linkIn(recovery?.text ?? '')
    expect(verify).to.match(/^https:\/\/passport\.test\/accounts\/verify-email\?code=[\w-]+$/)
    expect(reset).to.match(/^https:\/\/passport\.test\/accounts\/reset-password\?code=[\w-]+$/)
    const tokenOf = (link: string) =>
      readMailToken(gateway.services, new URL(link).searchParams.get('code') ?? '')
    expect(await tokenOf(verify)).to.include({
      purpose: 'verify-email',
      userId: uid,
      email: 'a@example.com',
    })
    expect(await tokenOf(reset)).to.include({
      purpose: 'reset-password',
      userId: uid,
      email: 'a@example.com',
    })
  })

  it('open the callback with the token as its one code', async () => {
    const to = { userId: 1, email: 'b@example.com', generation: 0 }
    const callback = 'https://www.example.com/done?code=theirs&lang=zh&code=again#end'
    await sendVerificationMail(gateway.services, to, callback)
    const link = linkIn((await gateway.sentTo('b@example.com'))[0]?.text ?? '')
    expect(link).to.match(/^https:\/\/www\.example\.com\/done\?code=[\w-]{100,}&lang=zh#end$/)
  })

  it('come with what they are for and how long they are good, in Chinese and English', async () => {
    const to = { userId: 1, email: 'c@example.com', generation: 0 }
    await sendVerificationMail(gateway.services, to)
    await sendRecoveryMail(gateway.services, to)
    const [recovery, verification] = await gateway.sentTo('c@example.com')
    expect(verification?.subject).to.equal('验证您的邮箱 / Verify your e-mail address')
    expect(verification?.text).to.contain('24小时内有效').and.contain('within 24 hours to verify')
    expect(recovery?.subject).to.equal('重设您的密码 / Reset your password')
    expect(recovery?.text).to.contain('24小时内有效').and.contain('within 24 hours to set a new password')
  })
})

withGateway('mailed links of a server without TLS', (gateway) => {
  it('may open a page by http too', () => {
    for (const callback of ['http://www.example.com/reset', 'https://www.example.com/reset'])
      expect(() => checkCallback(gateway.services, callback), callback).not.to.throw()
  })
})
