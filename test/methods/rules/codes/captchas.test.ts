import { expect } from 'chai'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { storeCaptcha, takeCaptcha } from '../../../../methods/rules/codes/captchas.js'
import { withGatewayPerTest } from '../../../suite.js'

const minute = 60_000

withGatewayPerTest('Picture captchas', (gateway) => {
  beforeEach(() => gateway.clock.freeze(Date.UTC(2026, 0, 5, 8)))

  const store = (key: string, text: string) => storeCaptcha(gateway.services, key, text)
  /** Whether the answer was right. */
  const take = (key: string, answer: string): Promise<boolean> =>
    takeCaptcha(gateway.services, key, answer).then(
      () => true,
      (error: unknown) => {
        expect(error).to.be.instanceOf(GatewayError).with.property('key', 'VALID_ERROR')
        return false
      },
    )

  it('take the text that was drawn for the key, in any case of its letters', async () => {
    for (const answer of ['K7RD', 'k7rd', 'K7rd']) {
      await store('key', 'K7RD')
      expect(await take('key', answer), answer).to.equal(true)
    }
  })

  it('take no other text, and none for another key', async () => {
    for (const answer of ['K7RE', 'K7R', 'K7RDX', ' K7RD', '']) {
      await store('key', 'K7RD')
      expect(await take('key', answer), answer).to.equal(false)
    }
    await store('key', 'K7RD')
    for (const key of ['Key', 'key ', '', 'kéy']) expect(await take(key, 'K7RD'), key).to.equal(false)
    expect(await take('key', 'K7RD')).to.equal(true)
  })

  it('are used up by one check, right or wrong', async () => {
    await store('key', 'K7RD')
    expect(await take('key', 'K7RD')).to.equal(true)
    expect(await take('key', 'K7RD')).to.equal(false)
    await store('key', 'K7RD')
    expect(await take('key', 'wrong')).to.equal(false)
    expect(await take('key', 'K7RD')).to.equal(false)
  })

  it('let one of many parallel checks through', async () => {
    for (let round = 0; round < 3; round++) {
      await store('key', 'K7RD')
      const answers = await Promise.all(Array.from({ length: 50 }, () => take('key', 'K7RD')))
      expect(answers.filter((isRight) => isRight)).to.have.length(1)
    }
  })

  it('are replaced by the next picture of their key, in parallel too', async () => {
    await store('key', 'K7RD')
    await store('key', 'E3YU')
    expect(await take('key', 'K7RD')).to.equal(false)
    await Promise.all(Array.from({ length: 20 }, () => store('key', 'S7UD')))
    expect(await take('key', 'S7UD')).to.equal(true)
  })

  it('last five minutes', async () => {
    await store('key', 'K7RD')
    gateway.clock.advance(5 * minute)
    expect(await take('key', 'K7RD')).to.equal(true)
    await store('key', 'K7RD')
    gateway.clock.advance(5 * minute + 1)
    expect(await take('key', 'K7RD')).to.equal(false)
  })

  it('know the empty key, which the mobile app begins with', async () => {
    await store('', 'K7RD')
    expect(await take('', 'k7rd')).to.equal(true)
  })

  it('keep neither the key nor the text', async () => {
    await store('+8613912345678', 'K7RD')
    const [row] = await gateway.db('captcha_answer')
    expect(JSON.stringify(row)).to.not.match(/13912345678|K7RD/i)
  })
})
