import { expect } from 'chai'
import { hash } from 'node:crypto'
import { describeConfig, loadConfig } from '../../config/config.js'
import { readEnvironment } from '../../config/env.js'
import { isShippedKey } from '../../config/shop.js'
import { problemsIn, production } from './support.js'

const shopKey = Buffer.from('passport-gateway-test-key-00001!').toString('base64')
const keyOf = (bytes: number) => Buffer.alloc(bytes, 0xfb).toString('base64')

describe('SHOP_TOKEN_KEY and SHOP_CUT_OVER', () => {
  it('are the base64 text of the shop, and a moment in milliseconds', () => {
    const shopTokensOf = (env: NodeJS.ProcessEnv) => loadConfig(env, { makeKeys: false }).shopTokens
    expect(shopTokensOf({})).to.equal(undefined)
    expect(shopTokensOf({ SHOP_TOKEN_KEY: shopKey })).to.deep.equal({ key: shopKey })
    expect(
      shopTokensOf({ SHOP_TOKEN_KEY: shopKey, SHOP_CUT_OVER: '2027-01-15T16:00:00+08:00' }),
    ).to.deep.equal({ key: shopKey, cutOver: 1_800_000_000_000 })
  })

  it('take standard base64 of 32 bytes or more, padded or not, as the shop does', () => {
    for (const key of [shopKey, shopKey.replace(/=+$/, ''), keyOf(32), keyOf(33), keyOf(34), keyOf(64)])
      for (const env of [{}, production])
        expect(problemsIn({ ...env, SHOP_TOKEN_KEY: key }), key).to.deep.equal([])
  })

  it('refuse any other text, and never quote it', () => {
    const wrong = {
      'too short': keyOf(31),
      'of the URL alphabet': Buffer.alloc(32, 0xfb).toString('base64url'),
      'with a blank at its end': `${shopKey} `,
      'with a line end': `${shopKey}\n`,
      'broken over two lines': `${shopKey.slice(0, 20)}\n${shopKey.slice(20)}`,
      'padded too much': `${shopKey}=`,
      'padded in the middle': `${shopKey}${shopKey}`,
      'cut off': `${keyOf(33)}A`,
      'no base64 at all': 'a secret that is long enough, but none of base64',
    }
    for (const [name, key] of Object.entries(wrong))
      for (const env of [{}, production])
        expect(problemsIn({ ...env, SHOP_TOKEN_KEY: key }), name).to.deep.equal([
          'SHOP_TOKEN_KEY must be standard base64 (A-Z, a-z, 0-9, + and /) of at least 32 bytes, as the shop has it',
        ])
  })

  it('refuse in production the key that the shop ships with, which is known by its digest alone', () => {
    for (const form of [shopKey, shopKey.replace(/=+$/, '')])
      expect(isShippedKey(form, hash('sha256', shopKey))).to.equal(true)
    expect(isShippedKey(keyOf(32), hash('sha256', shopKey))).to.equal(false)
    expect(isShippedKey(shopKey)).to.equal(false)
  })

  it('take a moment with its zone only, and only together', () => {
    const withKey = { SHOP_TOKEN_KEY: shopKey }
    for (const moment of [
      '2026-01-31T04:00:00+08:00',
      '2026-01-30T20:00Z',
      '2026-01-30T20:00:00.000Z',
      ' 2026-01-30T20:00:00Z ',
    ])
      expect(problemsIn({ ...withKey, SHOP_CUT_OVER: moment }), moment).to.deep.equal([])
    for (const moment of ['2026-01-31', '2026-01-31T04:00:00', '1800000000', '2026-13-01T00:00Z', 'tomorrow'])
      expect(problemsIn({ ...withKey, SHOP_CUT_OVER: moment })[0], moment).to.match(
        /^SHOP_CUT_OVER must be a day and a time with its zone, such as 2026-01-31T04:00:00\+08:00, not "/,
      )
    expect(problemsIn({ SHOP_CUT_OVER: '2026-01-30T20:00Z' })).to.deep.equal([
      'SHOP_TOKEN_KEY must be given when SHOP_CUT_OVER is',
    ])
  })

  it('are shown to operators without the key', () => {
    const rows = describeConfig(
      readEnvironment({ SHOP_TOKEN_KEY: shopKey, SHOP_CUT_OVER: '2026-01-30T20:00Z' }),
    )
    expect(rows.find(({ name }) => name === 'SHOP_TOKEN_KEY')?.value).to.equal('********')
    expect(rows.find(({ name }) => name === 'SHOP_CUT_OVER')?.value).to.equal('2026-01-30T20:00Z')
    expect(JSON.stringify(rows)).to.not.include(shopKey)
  })
})
