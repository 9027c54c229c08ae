import { expect } from 'chai'
import { takeCaptcha } from '../../../../../methods/rules/codes/captchas.js'
import { paramRefusal, tooManyRequests } from '../../../../answers.js'
import type { HttpAnswer } from '../../../../fetch-answer.js'
import { startGateway } from '../../../../harness.js'
import { withGatewayPerTest } from '../../../../suite.js'

const path = '/front/sys/captcha/index'

withGatewayPerTest('front.sys.captcha.index', (gateway, database) => {
  /** The texts of the pictures that are drawn from now on. */
  const watchTexts = (): string[] => {
    const texts: string[] = []
    const { services } = gateway
    const draw = services.drawCaptcha
    Object.assign(services, {
      drawCaptcha: async () => {
        const picture = await draw()
        texts.push(picture.text)
        return picture
      },
    })
    return texts
  }

  const expectPicture = ({ status, headers, text }: HttpAnswer) => {
    expect(status).to.equal(200)
    expect(headers.get('content-type')).to.equal('image/svg+xml')
    expect(headers.get('cache-control')).to.equal('no-store')
    expect(headers.get('x-content-type-options')).to.equal('nosniff')
    expect(headers.get('content-security-policy')).to.equal("default-src 'none'; style-src 'unsafe-inline'")
    expect(text).to.match(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" .*<\/svg>$/)
    // Outlines only: the text can't be read from the file.
    expect(text).to.not.match(/<(text|script|image|a)\b/)
  }

  it('draws a picture, whose answer is kept under the key', async () => {
    const texts = watchTexts()
    expectPicture(await gateway.request(`${path}?verify_key=%2B8613912345678`))
    expectPicture(await gateway.request(`${path}?verifyKey=other`))
    expect(texts).to.have.length(2)
    for (const text of texts) expect(text).to.match(/^[2-9A-HJ-NP-Z]{4}$/)
    await takeCaptcha(gateway.services, 'other', texts[1] ?? '')
    await takeCaptcha(gateway.services, '+8613912345678', texts[0] ?? '')
  })

  it('draws for an empty key, and without one', async () => {
    const texts = watchTexts()
    for (const query of ['?verify_key=', '', '?verify_key=null']) {
      expectPicture(await gateway.request(path + query))
      await takeCaptcha(gateway.services, '', texts.at(-1) ?? '')
    }
  })

  it('draws to anybody, under the gateway too, with a dead token too', async () => {
    expectPicture(await gateway.request(path, { headers: { Authorization: 'Bearer dead' } }))
    expectPicture(await gateway.request('/gateway?method=front.sys.captcha.index&verify_key=k'))
  })

  it('draws for any text up to 100 characters, and refuses a longer one without HTTP 200', async () => {
    expectPicture(await gateway.request(`${path}?verify_key=${encodeURIComponent('钥 <&'.repeat(25))}`))
    const { status, text } = await gateway.request(`${path}?verify_key=${'k'.repeat(101)}`)
    expect(status).to.equal(400)
    expect(text).to.equal(paramRefusal('verify_key: text of at most 100 characters'))
  })

  it('takes GET only', async () => {
    const { status } = await gateway.request(path, { method: 'POST' })
    expect(status).to.equal(405)
  })

  it('draws 240 pictures a minute for one address, and refuses the next with HTTP 429', async () => {
    const strict = await startGateway(database, { LIMIT_IP_SCALE: '1' })
    const answers = await Promise.all(Array.from({ length: 241 }, () => strict.request(path)))
    await strict.close()
    const refused = answers.filter(({ status }) => status !== 200)
    expect(refused.map(({ status }) => status)).to.deep.equal([429])
    expect(Number(refused[0]?.headers.get('retry-after'))).to.be.within(1, 60)
    expect(refused[0]?.text).to.equal(tooManyRequests)
  })
})
