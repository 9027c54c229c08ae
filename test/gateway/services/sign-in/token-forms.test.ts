import { expect } from 'chai'
import { createHmac, createSecretKey } from 'node:crypto'
import { readShopSubject, writeShopSubject } from '../../../../gateway/services/sign-in/shop-subject.js'
import { createTokenForms, signShopToken } from '../../../../gateway/services/sign-in/token-forms.js'
import { makeOldToken, readToken, signClaims, vectorKey } from '../../../servers/shop/tokens.js'

// The vector of account-beside.md §2.4.
const vector =
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ7XCJ1c2VySWRcIjoyMDAwMSxcInVzZXJTYWx0XCI6XCIwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZlwiLFwicm9sZUlkXCI6OSxcInNpdGVJZFwiOjAsXCJzdG9yZUlkXCI6MCxcImNoYWluSWRcIjowLFwiY2xpZW50SWRcIjoxfSIsImV4cCI6MTgwMDA4NjQwMCwiaWF0IjoxODAwMDAwMDAwfQ.CkpBnL01mBj0YD1YGcRfq_l_xK3yiArSrNoMQ-CfeM4'
const wrong = vector.replace(/[^.]+$/, 'jbCi7YwXSSrcbZ9Tfl4P7GbCJtcArkFTsNa3XFJSXI0')
const iat = 1_800_000_000
const exp = iat + 86_400
const salt = '0123456789abcdef0123456789abcdef'
const now = iat * 1000 + 1

const jwtSecrets = ['the-jwt-secret-of-this-test-is-32-long']
const formsWith = (key: string) => createTokenForms({ jwtSecrets, shopTokens: { key } })
const keyOf = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64')
const payloadOf = (token: string) => Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()

function errorOf(read: () => unknown): unknown {
  try {
    return { read: read() }
  } catch (error) {
    return error instanceof Error && 'key' in error ? error.key : error
  }
}

describe("the shop's form of tokens", () => {
  const forms = formsWith(vectorKey)

  it('is the one of the vector, to the byte', () => {
    const key = createSecretKey(Buffer.from(vectorKey, 'base64'))
    expect(signShopToken(key, { sub: writeShopSubject(20001, salt), exp, iat })).to.equal(vector)
    expect(makeOldToken(vectorKey, { userId: 20001, userSalt: salt, iat }), 'of the stand-in').to.equal(
      vector,
    )
  })

  it('is read as the vector says, and not with the text of the key as the key', () => {
    const { digest, ...claims } = { digest: '', ...forms.read(vector, now) }
    expect(claims).to.deep.equal({ sub: 20001, jti: undefined, exp, iat, userSalt: salt })
    expect(digest).to.match(/^[0-9a-f]{64}$/)
    const [head, body] = vector.split('.')
    const byText = createHmac('sha256', vectorKey).update(`${head}.${body}`).digest('base64url')
    expect(wrong).to.equal(`${head}.${body}.${byText}`)
    expect(errorOf(() => forms.read(wrong, now))).to.equal('TOKEN_BROKEN')
    expect(readToken(vectorKey, wrong, now).state, 'at the stand-in').to.equal('broken')
  })

  it('carries the user without a salt, and our session in jti', () => {
    const token = forms.sign({ sub: 20001, jti: 'session', iat, exp })
    expect(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).to.equal('{"alg":"HS256"}')
    expect(payloadOf(token)).to.equal(
      String.raw`{"sub":"{\"userId\":20001,\"userSalt\":\"\",\"roleId\":9,\"siteId\":0,\"storeId\":0,\"chainId\":0,\"clientId\":1}","exp":1800086400,"iat":1800000000,"jti":"session"}`,
    )
    expect(forms.read(token, now)).to.deep.equal({ sub: 20001, jti: 'session', exp })
  })

  it('is signed HS256 however long the key is, and the shop reads it', () => {
    for (const bytes of [32, 47, 48, 64, 100]) {
      const token = formsWith(keyOf(bytes)).sign({ sub: 20001, jti: 'session', iat, exp })
      expect(token, `${bytes} bytes`).to.match(/^eyJhbGciOiJIUzI1NiJ9\./)
      expect(readToken(keyOf(bytes), token, now), `${bytes} bytes`).to.include({
        state: 'valid',
        userId: 20001,
      })
    }
  })

  it("is read in each algorithm that the shop's key is long enough for", () => {
    for (const [bytes, alg] of [
      [32, 'HS256'],
      [48, 'HS384'],
      [64, 'HS512'],
    ] as const) {
      const token = makeOldToken(keyOf(bytes), { userId: 20001, userSalt: salt, iat })
      expect(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())).to.deep.equal({
        alg,
      })
      expect(formsWith(keyOf(bytes)).read(token, now), alg).to.include({ sub: 20001, userSalt: salt })
    }
    const claims = { sub: writeShopSubject(20001), exp, iat }
    for (const alg of ['HS384', 'HS512'] as const)
      expect(
        errorOf(() => formsWith(keyOf(47)).read(signClaims(keyOf(47), claims, alg), now)),
        alg,
      ).to.equal('TOKEN_BROKEN')
  })

  it('is broken with a null jti, without an end, without a moment of issue, or with algorithm none', () => {
    const sub = writeShopSubject(20001, salt)
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${vector.split('.')[1]}`
    const tokens = {
      'null jti': signClaims(vectorKey, { sub, exp, iat, jti: null }),
      'empty jti': signClaims(vectorKey, { sub, exp, iat, jti: '' }),
      'jti that is no text': signClaims(vectorKey, { sub, exp, iat, jti: 7 }),
      'no end': signClaims(vectorKey, { sub, iat }),
      'an end that is no number': signClaims(vectorKey, { sub, iat, exp: String(exp) }),
      'no moment of issue': signClaims(vectorKey, { sub, exp }),
      'not yet': signClaims(vectorKey, { sub, exp, iat, nbf: iat + 60 }),
      'no subject': signClaims(vectorKey, { exp, iat }),
      'no algorithm': `${none}.`,
      'no algorithm, but a signature': `${none}.${vector.split('.')[2]}`,
      'another key': makeOldToken(keyOf(32), { userId: 20001, userSalt: salt, iat }),
      'a payload that is no object': signClaims(vectorKey, ['sub']),
      empty: '',
      null: 'null',
    }
    for (const [name, token] of Object.entries(tokens))
      expect(
        errorOf(() => forms.read(token, now)),
        name,
      ).to.equal('TOKEN_BROKEN')
  })

  it('is broken with a subject that is no JSON object with a 32-bit user id', () => {
    const subjects = [
      '20001',
      '"20001"',
      'null',
      '[20001]',
      'x',
      '{',
      '{}',
      '{"userId":null}',
      '{"userId":1.5}',
    ]
    const ids = ['0', '-1', '2147483648', '"2147483648"', '"1e3"', '" 1"', 'true', '{}', '"x"']
    for (const sub of [...subjects, ...ids.map((id) => `{"userId":${id}}`)]) {
      expect(readShopSubject(sub), sub).to.equal(undefined)
      for (const jti of [{ jti: 'session' }, {}])
        expect(errorOf(() => forms.read(signClaims(vectorKey, { sub, exp, iat, ...jti }), now))).to.equal(
          'TOKEN_BROKEN',
        )
    }
    for (const sub of ['{"userId":2147483647}', '{"more":[],"userId":"2147483647"}'])
      expect(readShopSubject(sub)).to.deep.equal({ userId: 2 ** 31 - 1, userSalt: undefined })
  })

  it('is expired from the second of its end on', () => {
    expect(forms.read(vector, exp * 1000 - 1)).to.include({ sub: 20001 })
    expect(errorOf(() => forms.read(vector, exp * 1000))).to.equal('TOKEN_EXPIRED')
  })

  it('leaves tokens of our former form alive, signed by our own secret, until they expire', () => {
    const former = createTokenForms({ jwtSecrets }).sign({ sub: 20001, jti: 'session', iat, exp })
    expect(forms.read(former, now)).to.deep.equal({ sub: 20001, jti: 'session', exp })
    expect(errorOf(() => forms.read(former, exp * 1000))).to.equal('TOKEN_EXPIRED')
    const others = createTokenForms({ jwtSecrets: [keyOf(32)] })
    expect(errorOf(() => others.read(former, now))).to.equal('TOKEN_BROKEN')
  })

  it('means nothing to a server without the key', () => {
    const own = createTokenForms({ jwtSecrets })
    expect(errorOf(() => own.read(vector, now))).to.equal('TOKEN_BROKEN')
    expect(errorOf(() => own.read(forms.sign({ sub: 20001, jti: 'session', iat, exp }), now))).to.equal(
      'TOKEN_BROKEN',
    )
  })
})
