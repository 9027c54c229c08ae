import { expect } from 'chai'
import { emptyParameters, parseQueryString, type RawParameters } from '../../../gateway/wire/query-string.js'
import {
  hmacSignedText,
  legacySignedText,
  signaturesEqual,
  signHmac,
  signLegacy,
} from '../../../gateway/wire/signature.js'

/** The made-up key of passport.md §3. */
const key = '0123456789abcdef0123456789abcdef'
const secret = 'fedcba9876543210fedcba9876543210'

const parameters = (pairs: Record<string, string>): RawParameters => Object.assign(emptyParameters(), pairs)

// Every digest here is either printed in passport.md or was computed without this project, the text to sign being
// written out by hand:   printf '%s' 'TEXT' | openssl md5   or   … | openssl dgst -sha256 -hmac SECRET
describe('the legacy signature', () => {
  it('is that of the first vector', () => {
    const params = parameters({
      app_version: '3.8.2',
      area: '86',
      client_type: 'web',
      code: '1234',
      method: 'web.passport.checkcode',
      mobile: '13900000000',
      os_version: 'yohobuy:h5',
      screen_size: '720x1280',
      v: '7',
    })
    expect(signLegacy(params, key)).to.equal('914a6d552ebf6511d5bfd4702a0ef99f')
  })

  it('is that of the second vector: the pair is trimmed as a whole, so the space before the value stays', () => {
    const params = parameters({
      app_version: '3.8.2',
      client_type: 'web',
      method: 'open.passport.get',
      nickname: ' 张三 ',
      uid: '5357305',
    })
    expect(signLegacy(params, key)).to.equal('06d6709fb55086b2a72bad425dabefd2')
    expect(legacySignedText(params, key)).to.include('&nickname= 张三&private_key=')
  })

  it('keeps the ideographic space U+3000 at both ends', () => {
    const params = parameters({
      client_type: 'web',
      method: 'open.passport.get',
      nickname: '\u3000张三\u3000',
      remark: 'x\u3000 \t\n',
      uid: '5357305',
    })
    // printf '%b' 'client_type=web&method=open.passport.get&nickname=\u3000张三\u3000&private_key=0123…cdef&remark=x\u3000&uid=5357305'
    expect(signLegacy(params, key)).to.equal('d1f9c53e47ff0bcc6df2dc10cc4a4bb7')
  })

  it('trims characters up to U+0020 at the ends of a pair and nothing else', () => {
    const text = (pairs: Record<string, string>) => legacySignedText(parameters(pairs), 'K')
    expect(text({ z: 'a \t\r\n\0\u001f' })).to.equal('private_key=K&z=a')
    for (const kept of ['\u007f', '\u00a0', '\u0085', '\u2003', '\u3000', '\ufeff'])
      expect(text({ z: `a${kept}` })).to.equal(`private_key=K&z=a${kept}`)
    expect(text({ ' a': ' b ' })).to.equal('a= b&private_key=K')
    expect(text({ z: ' ' })).to.equal('private_key=K&z=')
    expect(legacySignedText(parameters({}), ' K ')).to.equal('private_key= K')
  })

  it('covers method, debug, callback, password and empty values', () => {
    const params = parameters({
      method: 'web.passport.checkcode',
      debug: 'XYZ',
      callback: 'cb',
      password: 'a b',
      empty: '',
      client_type: 'web',
    })
    // printf '%s' 'callback=cb&client_type=web&debug=XYZ&empty=&method=web.passport.checkcode&password=a b&private_key=0123…cdef'
    expect(signLegacy(params, key)).to.equal('956abb6a885d3a516e388bd07d66fad2')
  })

  it('leaves out client_secret, q, debug_data and /api, and nothing that only looks like them', () => {
    const left = { client_secret: 'x', q: 'x', debug_data: 'x', '/api': 'x' }
    expect(legacySignedText(parameters({ ...left, a: '1' }), 'K')).to.equal('a=1&private_key=K')
    const kept = { CLIENT_SECRET: '1', Q: '1', api: '1', debugdata: '1' }
    expect(legacySignedText(parameters(kept), 'K')).to.equal(
      'CLIENT_SECRET=1&Q=1&api=1&debugdata=1&private_key=K',
    )
  })

  it('overwrites a private_key that the client sends', () => {
    const sent = parameters({ a: '1', private_key: 'forged' })
    expect(legacySignedText(sent, 'K')).to.equal('a=1&private_key=K')
    // printf '%s' 'a=1&private_key=0123…cdef'
    expect(signLegacy(sent, key)).to.equal('1555efc19dd27dfbc2030735fad12975')
  })

  it('sorts names by UTF-16 code units: capitals first, and a character beyond U+FFFF before U+FF5E', () => {
    const params = parameters({
      a_b: '5',
      '\uff5e': '1',
      aB: '6',
      '\u{1f44b}': '2',
      'a.b': '4',
      A: '3',
      a: '',
      client_type: 'web',
    })
    // printf '%s' 'A=3&a=&a.b=4&aB=6&a_b=5&client_type=web&private_key=0123…cdef&👋=2&～=1'
    expect(signLegacy(params, key)).to.equal('10e46227106a12795f34b6eb918ad4f4')
  })

  it('sorts few names and many, in whatever order they come', () => {
    for (const count of [1, 2, 12, 38, 39, 40, 60]) {
      const names = Array.from({ length: count }, (_, at) => `n${(at * 7919) % 101}`)
      const sent = parameters(Object.fromEntries(names.map((name) => [name, name])))
      const sorted = ['private_key', ...names].toSorted()
      const text = sorted.map((name) => `${name}=${name === 'private_key' ? key : name}`).join('&')
      expect(legacySignedText(sent, key)).to.equal(text)
    }
  })

  it('covers values as they are decoded: + is a space, a broken % stays, the first of a name counts', () => {
    const params = parseQueryString('b=1+2&c=100%&b=9&a=%E5%BC%A0&d=a%2Bb&e')
    expect(legacySignedText(params, 'K')).to.equal('a=张&b=1 2&c=100%&d=a+b&e=&private_key=K')
  })

  it('covers a parameter without a name, and names that objects have of their own', () => {
    // printf '%s' '=x&a=1&private_key=0123…cdef'
    expect(signLegacy(parseQueryString('=x&a=1'), key)).to.equal('1a269b3907c503023c90d5677ef6db8e')
    expect(legacySignedText(parseQueryString('__proto__=1&constructor=2'), 'K')).to.equal(
      '__proto__=1&constructor=2&private_key=K',
    )
  })
})

describe('the hmac-sha256 signature', () => {
  const params = parameters({
    app_key: 'shop',
    method: 'web.passport.checkcode',
    sign_method: 'hmac-sha256',
    timestamp: '1458378392',
    nonce: 'n0nce-0001',
    nickname: ' 张三 ',
    remark: "a+b&c=d~(e)!*'",
    empty: '',
  })
  // The same with Python's hmac and urllib.parse.quote, and with openssl dgst -sha256 -hmac over this text:
  const text =
    'app_key=shop&empty=&method=web.passport.checkcode&nickname=%20%E5%BC%A0%E4%B8%89%20&nonce=n0nce-0001' +
    "&remark=a%2Bb%26c%3Dd~(e)!*'&sign_method=hmac-sha256&timestamp=1458378392"
  const digest = '3181a499634b5f4ca9030d95adf8cf6534765528fe5980374c416be326ef1bfa'

  it('covers every parameter, escaped and untrimmed, sorted by name', () => {
    expect(hmacSignedText(params)).to.equal(text)
    expect(signHmac(params, secret)).to.equal(digest)
  })

  it('leaves out client_secret only: what the legacy scheme excepts is signed here', () => {
    expect(signHmac(parameters({ ...params, client_secret: 'x' }), secret)).to.equal(digest)
    expect(hmacSignedText(parameters({ q: '1', debug_data: '2', '/api': '3', private_key: '4' }))).to.equal(
      '%2Fapi=3&debug_data=2&private_key=4&q=1',
    )
  })
})

describe('comparing signatures', () => {
  const signature = '914a6d552ebf6511d5bfd4702a0ef99f'

  it('takes hex of either case, whole and exact', () => {
    expect(signaturesEqual(signature, signature)).to.equal(true)
    expect(signaturesEqual(signature, signature.toUpperCase())).to.equal(true)
    for (const wrong of [
      `${signature.slice(0, -1)}e`,
      signature.slice(0, -1),
      `${signature}0`,
      '',
      ` ${signature}`,
    ])
      expect(signaturesEqual(signature, wrong), wrong).to.equal(false)
  })

  it('refuses text of the same length but another number of bytes, instead of failing', () => {
    expect(signaturesEqual(signature, '张'.repeat(32))).to.equal(false)
    // One that grows in lower case.
    expect(signaturesEqual(signature, '\u0130'.repeat(32))).to.equal(false)
  })
})
