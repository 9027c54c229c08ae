import { expect } from 'chai'
import { succeeded } from '../../answers.js'
import type { HttpAnswer } from '../../fetch-answer.js'
import { startGateway } from '../../harness.js'
import { withGateway } from '../../suite.js'

const texts = {
  zh: {
    verify: '点击下面的按钮，验证您的邮箱。',
    verified: '您的邮箱已验证。',
    newPassword: '新密码（6到64个字符）',
    resetDone: '您的密码已重设，请用新密码登录。',
    badLink: '链接无效或已过期，请重新获取邮件。',
    badPassword: '密码不合法：请使用6到64个字符，不要使用常见密码。',
  },
  en: {
    verify: 'Press the button to verify your e-mail address.',
    verified: 'Your e-mail address is verified.',
    newPassword: 'New password (6 to 64 characters)',
    resetDone: 'Your password was reset. Sign in with the new one.',
    badLink: 'This link is not valid or too old. Ask for a new mail.',
    badPassword: 'This password is not allowed: use 6 to 64 characters, and none of the most common ones.',
  },
} as const

withGateway('the pages of mailed links', (gateway, database) => {
  let users = 0
  const verification = async () => {
    const uid = String((await gateway.addUser()).uid)
    const email = `verify-${users++}@example.com`
    await gateway.call('web.passport.verifyEmail', { uid, email })
    return { uid, email, code: await gateway.lastMailToken(email) }
  }
  const recovery = async () => {
    const email = `reset-${users++}@example.com`
    const uid = String((await gateway.addUser({ email })).uid)
    await gateway.call('app.register.backpwdByEmail', { email })
    return { uid, email, code: await gateway.lastMailToken(email) }
  }
  const open = (page: string, code: string, language = 'zh') =>
    gateway.request(`/${page}?code=${encodeURIComponent(code)}`, { headers: { 'Accept-Language': language } })
  const post = (page: string, form: Record<string, string>, language = 'zh') => {
    const headers = { 'Accept-Language': language }
    return gateway.request(`/${page}`, { method: 'POST', body: new URLSearchParams(form), headers })
  }
  const checkCode = async (code: string) => (await gateway.call('web.passport.checkCodeValid', { code })).text
  const isPassword = async (uid: string, password: string) =>
    (await gateway.call('web.passport.verifyUserPwd', { uid, password })).json?.code === 200

  it('change nothing when they are opened, however often, as mail scanners open links too', async () => {
    for (const [page, { code }] of [
      ['verify-email', await verification()],
      ['reset-password', await recovery()],
    ] as const) {
      for (let time = 0; time < 3; time++) {
        const { status, text } = await open(page, code)
        expect(status).to.equal(200)
        expect(text).to.contain(`<form method="post" action="${page}">`).and.contain(`value="${code}"`)
        const head = await gateway.request(`/${page}?code=${code}`, { method: 'HEAD' })
        expect(head.status).to.equal(200)
      }
      expect(await checkCode(code)).to.equal(succeeded)
    }
  })

  it('are closed to addresses the operator has blocked', async () => {
    const { code } = await recovery()
    await gateway
      .db('ip_block')
      .insert({ address: '203.0.113.9', reason: '', created_at: 0, expires_at: null })
    const guarded = await startGateway(database, { TRUST_PROXY: '127.0.0.1' })
    try {
      const body = new URLSearchParams({ code, newPwd: 'a stolen account' })
      const headers = { 'X-Forwarded-For': '203.0.113.9' }
      const { text } = await guarded.request('/reset-password', { method: 'POST', body, headers })
      expect(text).to.contain('role="alert"')
      expect(await checkCode(code)).to.equal(succeeded)
    } finally {
      await gateway.db('ip_block').delete()
      await guarded.close()
    }
  })

  it('verify the address when the button is pressed', async () => {
    const { uid, email, code } = await verification()
    const { status, text } = await post('verify-email', { code })
    expect(status).to.equal(200)
    expect(text).to.contain(texts.zh.verified).and.not.contain('<form')
    const { json } = await gateway.call('web.passport.getUserVerifyInfo', { uid })
    expect(json?.data).to.include({ email, emailVerify: 'Y' })
    const again = await post('verify-email', { code })
    expect(again.status).to.equal(400)
    expect(again.text).to.contain(texts.zh.badLink)
    expect((await open('verify-email', code)).text).to.contain(texts.zh.badLink)
  })

  it('set the password when the form is sent', async () => {
    const { uid, code } = await recovery()
    expect((await open('reset-password', code)).text).to.contain('name="newPwd" type="password"')
    const { status, text } = await post('reset-password', { code, newPwd: 'ein neues Paßwort 密' })
    expect(status).to.equal(200)
    expect(text).to.contain(texts.zh.resetDone).and.not.contain('<form')
    expect(await isPassword(uid, 'ein neues Paßwort 密')).to.equal(true)
    const again = await post('reset-password', { code, newPwd: 'another password' })
    expect(again.status).to.equal(400)
    expect(again.text).to.contain(texts.zh.badLink)
    expect(await isPassword(uid, 'another password')).to.equal(false)
  })

  it('show the form again for a password against the strict rule, and keep the link good', async () => {
    const { uid, code } = await recovery()
    for (const newPwd of ['', '12345', 'password', 'x'.repeat(65)]) {
      const { status, text } = await post('reset-password', { code, newPwd })
      expect(status, newPwd).to.equal(422)
      expect(text).to.contain(texts.zh.badPassword).and.contain(`value="${code}"`)
      expect(text).to.not.contain(`value="${newPwd}"`)
    }
    expect((await post('reset-password', { code, newPwd: 'a better choice' })).status).to.equal(200)
    expect(await isPassword(uid, 'a better choice')).to.equal(true)
  })

  it('refuse a token of the other purpose when it is used', async () => {
    const verify = await verification()
    const reset = await recovery()
    for (const answer of [
      await post('verify-email', { code: reset.code }),
      await post('reset-password', { code: verify.code, newPwd: 'a new password' }),
    ]) {
      expect(answer.status).to.equal(400)
      expect(answer.text).to.contain(texts.zh.badLink)
    }
    for (const { code } of [verify, reset]) expect(await checkCode(code)).to.equal(succeeded)
  })

  it('say that a link is not valid, under the title of the page it opened', async () => {
    const titles = { 'verify-email': '验证邮箱', 'reset-password': '重设密码' }
    for (const [page, title] of Object.entries(titles)) {
      const answers = [
        await gateway.request(`/${page}`),
        await post(page, {}),
        await post(page, { newPwd: 'x' }),
      ]
      for (const code of ['', 'abcdef', 'A'.repeat(5000)])
        answers.push(await open(page, code), await post(page, { code, newPwd: 'a new password' }))
      for (const { status, text } of answers) {
        expect(status).to.equal(400)
        expect(text).to.contain(`<h1>${title}</h1>`).and.contain(texts.zh.badLink).and.not.contain('<form')
      }
    }
  })

  it('say that a link is too old after 86400 seconds', async () => {
    gateway.clock.freeze(Math.floor(gateway.clock.now() / 1000) * 1000)
    const { code } = await verification()
    gateway.clock.advance(86_400_000)
    expect((await open('verify-email', code)).text).to.contain(texts.zh.verify)
    gateway.clock.advance(1000)
    expect((await open('verify-email', code)).text).to.contain(texts.zh.badLink)
  })

  it('say that somebody else has verified the address meanwhile', async () => {
    const { email, code } = await verification()
    await gateway.addUser({ email })
    const { status, text } = await post('verify-email', { code })
    expect(status).to.equal(400)
    expect(text).to.contain(texts.zh.badLink)
  })

  it('take their form as a form only', async () => {
    const { code } = await verification()
    const body = `<code>${code}</code>`
    const headers = { 'Content-Type': 'text/xml' }
    const { status, text } = await gateway.request('/verify-email', { method: 'POST', body, headers })
    expect(status).to.equal(400)
    expect(text).to.contain(texts.zh.badLink)
    expect(await checkCode(code)).to.equal(succeeded)
  })

  it('speak Chinese, and English to those who ask for it first', async () => {
    const spoken = {
      '': 'zh',
      '*': 'zh',
      fr: 'zh',
      'zh-CN,zh;q=0.9,en;q=0.8': 'zh',
      'en;q=0.5,zh': 'zh',
      en: 'en',
      'en-GB,en;q=0.9,zh;q=0.8': 'en',
    } as const
    for (const [header, language] of Object.entries(spoken)) {
      const { text } = await open('verify-email', 'x', header)
      expect(text, header).to.contain(`<html lang="${language}">`).and.contain(texts[language].badLink)
    }
  })

  it('are in one language each from the link to the end', async () => {
    for (const language of ['zh', 'en'] as const) {
      const { newPassword, verify, verified, resetDone, badPassword } = texts[language]
      const verifying = await verification()
      expect((await open('verify-email', verifying.code, language)).text).to.contain(verify)
      expect((await post('verify-email', verifying, language)).text).to.contain(verified)
      const { code } = await recovery()
      expect((await open('reset-password', code, language)).text).to.contain(newPassword)
      expect((await post('reset-password', { code, newPwd: 'x' }, language)).text).to.contain(badPassword)
      const done = await post('reset-password', { code, newPwd: 'a new password' }, language)
      expect(done.text).to.contain(resetDone)
    }
  })

  it('hold no script and nothing from elsewhere, and let no other page frame them or see their address', async () => {
    const { code } = await recovery()
    const answers: HttpAnswer[] = [
      await open('reset-password', code),
      await open('verify-email', 'x'),
      await post('reset-password', { code, newPwd: 'x' }),
      await post('reset-password', { code, newPwd: 'a new password' }),
    ]
    for (const { headers, text } of answers) {
      expect(headers.get('content-type')).to.equal('text/html; charset=utf-8')
      expect(headers.get('cache-control')).to.equal('no-store')
      expect(headers.get('referrer-policy')).to.equal('no-referrer')
      expect(headers.get('x-content-type-options')).to.equal('nosniff')
      expect(headers.get('x-frame-options')).to.equal('DENY')
      expect(headers.get('content-security-policy')).to.match(
        /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      )
      expect(headers.has('x-powered-by')).to.equal(false)
      expect(text).to.not.match(/<script|javascript:|\son\w+=|<img|<link|<iframe|https?:|url\(/i)
    }
  })

  it('write no markup that stands in the code', async () => {
    const attack = '"><script>alert(1)</script><img src=x onerror=alert(2)>\'&'
    for (const page of ['verify-email', 'reset-password'])
      for (const answer of [
        await open(page, attack),
        await post(page, { code: attack }),
        await post(page, { code: attack, newPwd: attack }),
        await gateway.request(`/${page}?code=${attack}&x=${attack}`),
      ]) {
        expect(answer.status).to.equal(400)
        expect(answer.text).to.not.match(/<script|<img|alert\(/)
      }
  })

  it('leave neither code nor password in the log', async () => {
    const { code } = await recovery()
    await open('reset-password', code)
    await post('reset-password', { code, newPwd: 'a logged password' })
    expect(gateway.logLines.join('')).to.not.contain(code).and.not.contain('a logged password')
  })
})
