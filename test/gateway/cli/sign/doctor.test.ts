import { expect } from 'chai'
import { createHmac, hash } from 'node:crypto'
import { type Diagnosis, diagnose, type SigningApp } from '../../../../gateway/cli/sign/doctor.js'
import { readPairs } from '../../../../gateway/cli/sign/recipe.js'

const secret = 'Abcdef0123456789Abcdef0123456789'
const older = 'the-secret-before-0123456789'
const now = Date.UTC(2026, 0, 5, 8)
const seconds = now / 1000

const web: SigningApp = { name: 'web', scheme: 'legacy', secrets: [secret, older] }
const shop: SigningApp = { name: 'shop', scheme: 'hmac-sha256', secrets: [secret, older] }

const md5 = (text: string | Buffer): string => hash('md5', text, 'hex')
const hmac = (text: string, key: string | Buffer = secret): string =>
  createHmac('sha256', key).update(text).digest('hex')

/** What the doctor says of a query string with this signature. */
function examine(
  query: string,
  signature: string,
  app = web,
  others: SigningApp[] = [],
  path = '/gateway',
): Diagnosis {
  const pairs = readPairs(`${query}&client_secret=${encodeURIComponent(signature)}`)
  return diagnose({ path, pairs, now }, app, others)
}

const byName = '; they are sorted by name, in the order of UTF-16 code units'
const asPrivateKey = 'the secret is signed as private_key, and as nothing else'
const firstCounts = 'of a repeated parameter the first value counts'

/** Which secret a signature was made with: none, where it holds none. */
const slotOf = (mistake: string) =>
  /^(private_key is left out|the secret is empty)/.test(mistake) ? undefined : 0

describe('the signature doctor on scheme legacy', () => {
  const query =
    'v=7&client_type=web&method=open.passport.get&nickname=%20%E5%BC%A0%E4%B8%89%20&note=&mark=a+b%21' +
    '&Z=1&a-b=2&a=3&a_b=4&10=x&9=y&wide=%E3%80%80x%E3%80%80&q=search&dup=1&dup=2'
  const right =
    '10=x&9=y&Z=1&a=3&a-b=2&a_b=4&client_type=web&dup=1&mark=a b!&method=open.passport.get' +
    `&nickname= 张三&note=&private_key=${secret}&v=7&wide=\u3000x\u3000`
  const key = `private_key=${secret}`
  const asSecret = `client_secret=${secret}`
  const keyless = right.replace(`&${key}`, '')
  const encodedValues = (encode: (text: string) => string): string =>
    right
      .replace('a b!', encode('a b!'))
      .replace(' 张三', encode(' 张三 '))
      .replace('\u3000x\u3000', encode('\u3000x\u3000'))
  const form = (text: string): string => new URLSearchParams({ v: text }).toString().slice(2)
  const lower = (text: string): string =>
    encodeURIComponent(text).replaceAll(/%../g, (escape) => escape.toLowerCase())
  const unsorted =
    'v=7&client_type=web&method=open.passport.get&nickname= 张三&note=&mark=a b!' +
    '&Z=1&a-b=2&a=3&a_b=4&10=x&9=y&wide=\u3000x\u3000&dup=1'

  it('knows a signature that fits, and with which of the live secrets', () => {
    const fits = { fits: true, mistakes: [] }
    expect(examine(query, md5(right)))
      .to.include({ fits: true, slot: 0 })
      .and.deep.include(fits)
    expect(examine(query, md5(right).toUpperCase())).to.deep.include({ ...fits, slot: 0 })
    expect(examine(query, md5(right.replace(secret, older)))).to.deep.include({ ...fits, slot: 1 })
  })

  const signedDecoded = 'values are signed url-encoded; they are signed decoded'
  const mistakes: readonly (readonly [text: string, mistake: string])[] = [
    [encodedValues(encodeURIComponent), signedDecoded],
    [encodedValues(form), signedDecoded],
    [encodedValues(lower), signedDecoded],
    [encodedValues(encodeURIComponent).replace('a%20b!', 'a+b%21'), signedDecoded],
    [right.replace('&note=', ''), 'empty values are left out; they are signed too'],
    [right.replace(' 张三', ' 张三 '), 'pairs are not trimmed; each name=value is trimmed as a whole'],
    [right.replace(' 张三', '张三'), 'each value is trimmed; each name=value is, as a whole'],
    [right.replace('x\u3000', 'x'), 'wide spaces are trimmed; only characters up to U+0020 are'],
    [right.replace('a b!', 'a+b!'), 'a + in the URL is signed as +; there it means a space, %2B is a +'],
    [right.replace('dup=1', 'dup=2'), `the last value of a repeated parameter is signed; ${firstCounts}`],
    [right.replace('dup=1', 'dup=1&dup=2'), `all values of a repeated parameter are signed; ${firstCounts}`],
    [
      '10=x&9=y&a=3&a-b=2&a_b=4&client_type=web&dup=1&mark=a b!&method=open.passport.get' +
        `&nickname= 张三&note=&${key}&v=7&wide=\u3000x\u3000&Z=1`,
      `parameters are sorted without regard to case${byName}`,
    ],
    [
      '10=x&9=y&a=3&a_b=4&a-b=2&client_type=web&dup=1&mark=a b!&method=open.passport.get' +
        `&nickname= 张三&note=&${key}&v=7&wide=\u3000x\u3000&Z=1`,
      `parameters are sorted by a language's rules${byName}`,
    ],
    [right.replace('a=3&a-b=2', 'a-b=2&a=3'), `parameters are sorted by whole pairs${byName}`],
    [right.replace('10=x&9=y', '9=y&10=x'), `names of digits are sorted as numbers${byName}`],
    [`${unsorted}&${key}`, `parameters are signed in the order sent${byName}`],
    [right.replaceAll('&', ''), 'parameters are joined without &'],
    [
      right.replace('&method=open.passport.get', ''),
      'method is left out, or was added after signing; it is signed too',
    ],
    [right.replace('&v=7', ''), 'v is left out, or was added after signing; it is signed too'],
    [right.replace('&v=7', '&q=search&v=7'), 'q is signed; it is not to be'],
    [keyless, 'private_key is left out; it is signed too'],
    [`${keyless}&${key}`, 'private_key stands at the end; it is sorted in'],
    [`${key}&${keyless}`, 'private_key stands at the beginning; it is sorted in'],
    [right.replace(key, `${key}&${key}`), 'private_key is there twice; it is signed once'],
    [
      keyless.replace('client_type', `${asSecret}&client_type`),
      `the secret is signed as client_secret; ${asPrivateKey}`,
    ],
    [
      right.replace('client_type', `${asSecret}&client_type`),
      `the secret is signed as client_secret and private_key; ${asPrivateKey}`,
    ],
    [`${keyless}&key=${secret}`, `the secret is signed as key, at the end; ${asPrivateKey}`],
    [
      right.replace('client_type', 'client_secret=&client_type'),
      'client_secret is signed, empty; it is not to be',
    ],
    [keyless + secret, 'the bare secret is put before or behind the text; it is signed as private_key'],
    [secret + keyless, 'the bare secret is put before or behind the text; it is signed as private_key'],
    [right.replace(secret, secret.toUpperCase()), 'the secret is in upper case'],
    [right.replace(secret, secret.toLowerCase()), 'the secret is in lower case'],
  ]
  for (const [text, mistake] of mistakes) {
    it(`finds that ${mistake.split(';')[0]}`, () => {
      expect(text).not.to.equal(right)
      const slot = slotOf(mistake)
      expect(examine(query, md5(text))).to.deep.include({ fits: false, slot, mistakes: [mistake] })
    })
  }

  it('finds each of them with the older secret too', () => {
    const text = right.replace('&note=', '').replace(secret, older)
    const mistakes = ['empty values are left out; they are signed too']
    expect(examine(query, md5(text))).to.deep.include({ fits: false, slot: 1, mistakes })
  })

  it('finds two mistakes made at once', () => {
    const text = encodedValues(encodeURIComponent).replace('&note=', '')
    expect(examine(query, md5(text))).to.deep.include({
      slot: 0,
      mistakes: [signedDecoded, 'empty values are left out; they are signed too'],
    })
  })

  it('finds that the MD5 is 16 digits long, or an HMAC', () => {
    const short = examine(query, md5(right).slice(8, 24))
    expect(short).to.deep.include({ slot: 0, mistakes: ['the MD5 is 16 digits long; it is 32'] })
    const keyed = examine('client_type=web&method=m&a=1', hmac('a=1&client_type=web&method=m'))
    const mistake = 'the signature is one of scheme hmac-sha256; the application is registered for legacy'
    expect(keyed).to.deep.include({ slot: 0, mistakes: [mistake] })
  })

  it('finds names above U+FFFF sorted as the bytes of UTF-8 are', () => {
    const sent = `client_type=web&${encodeURIComponent('\u{1F600}')}=1&${encodeURIComponent('\uFF21')}=2`
    const ours = `client_type=web&${key}&\u{1F600}=1&\uFF21=2`
    expect(examine(sent, md5(ours))).to.include({ fits: true })
    const theirs = `client_type=web&${key}&\uFF21=2&\u{1F600}=1`
    const mistake = `parameters are sorted by code points, as the bytes of UTF-8 are${byName}`
    expect(examine(sent, md5(theirs)).mistakes).to.deep.equal([mistake])
  })

  it('finds values sent in another encoding, and url-encoded twice', () => {
    const bytes = Buffer.concat([
      Buffer.from('client_type=web&name='),
      Buffer.from([0xd5, 0xc5, 0xc8, 0xfd]),
      Buffer.from(`&${key}`),
    ])
    expect(examine('client_type=web&name=%D5%C5%C8%FD', md5(bytes))).to.deep.include({
      slot: 0,
      mistakes: ['the text is not in UTF-8'],
      warnings: ['a value is not UTF-8'],
    })
    const twice = examine('client_type=web&name=%25E5%25BC%25A0', md5(`client_type=web&name=张&${key}`))
    expect(twice.mistakes).to.deep.equal(['values are url-encoded twice when they are sent; once is enough'])
  })

  it('warns of a secret that is sent along, and finds when another one is signed', () => {
    const sent = 'client_type=web&private_key=my-own'
    const found = examine(sent, md5('client_type=web&private_key=my-own'))
    expect(found.mistakes).to.deep.equal([
      'the private_key that is sent is signed; it is the secret that counts',
    ])
    const warning = 'the secret is sent along: anybody on the way can read it, so rotate it'
    expect(found.warnings).to.deep.equal([warning])
    const fits = examine(`client_type=web&note=${older}`, md5(`client_type=web&note=${older}&${key}`))
    expect(fits).to.deep.include({ fits: true, warnings: [warning] })
    expect(fits.text).to.equal('client_type=web&note=********&private_key=********')
  })

  it('warns of repeated parameters', () => {
    const warnings = ['dup is sent more than once; the first value counts']
    expect(examine(query, md5(right))).to.deep.include({ fits: true, warnings })
  })

  it('names the application whose secret it was, of either scheme', () => {
    const h5: SigningApp = { name: 'h5', scheme: 'legacy', secrets: ['x', 'the-secret-of-h5'] }
    const pad: SigningApp = { name: 'pad', scheme: 'hmac-sha256', secrets: ['the-secret-of-pad'] }
    const byH5 = examine(query, md5(right.replace(secret, 'the-secret-of-h5')), web, [pad, h5])
    expect(byH5).to.deep.include({ fits: false, slot: undefined })
    expect(byH5.mistakes).to.deep.equal(['the secret is that of the application h5'])
    const text = 'client_type=web&method=m'
    const byPad = examine(text, hmac(text, 'the-secret-of-pad'), web, [h5, pad])
    expect(byPad.mistakes).to.deep.equal(['the secret is that of the application pad'])
  })

  it('shows the text that the gateway signs, without the secret, when nothing explains it', () => {
    const found = examine(query, md5('something else'))
    expect(found).to.deep.include({ fits: false, slot: undefined, mistakes: [] })
    expect(found.text).to.equal(right.replace(secret, '********'))
  })

  it('finds a missing signature, and a call that names no application or another', () => {
    const missing = diagnose({ path: '/gateway', pairs: readPairs(query), now }, web, [])
    expect(missing).to.deep.include({ fits: false, mistakes: ['client_secret, the signature, is missing'] })
    const nameless = examine('a=1', md5(`a=1&${key}`))
    expect(nameless).to.deep.include({ fits: false, slot: 0 })
    expect(nameless.mistakes).to.deep.equal(["client_type is missing; it is the application's name, web"])
    const other = examine('client_type=h5', md5(`client_type=h5&${key}`))
    expect(other.mistakes).to.deep.equal(['the call names the application h5, not web'])
  })
})

describe('the signature doctor on scheme hmac-sha256', () => {
  const query =
    'client_type=shop&method=m&sign_method=hmac-sha256&nonce=0123456789abcdef&note=&name=%20%E5%BC%A0+' +
    `&marks=*(a)&timestamp=${seconds}`
  const right =
    `client_type=shop&marks=*(a)&method=m&name=%20%E5%BC%A0%20&nonce=0123456789abcdef&note=` +
    `&sign_method=hmac-sha256&timestamp=${seconds}`
  const wrongWay = 'the signature is one of scheme legacy, MD5; the application is registered for hmac-sha256'

  it('knows a signature that fits, on a REST path too, where the method is signed but not sent', () => {
    expect(examine(query, hmac(right, older), shop)).to.deep.include({ fits: true, slot: 1, mistakes: [] })
    const sent = query.replace('&method=m', '')
    const rest = '/base/front/account/user/info/'
    const whole = right.replace('method=m&', 'method=front.account.user.info&')
    expect(examine(sent, hmac(whole), shop, [], rest)).to.deep.include({ fits: true, text: whole })
    expect(examine(sent, hmac(right.replace('method=m&', '')), shop, [], rest).mistakes).to.deep.equal([
      'method is left out, or was added after signing; it is signed too',
    ])
  })

  const formEncoded = 'values are encoded as forms are; they are encoded as encodeURIComponent does'
  const mistakes: readonly (readonly [signature: string, mistake: string])[] = [
    [
      hmac(right.replace('%20%E5%BC%A0%20', ' 张 ')),
      'values are signed decoded; they are signed url-encoded',
    ],
    [hmac(right.replace('%20%E5%BC%A0%20', '+%E5%BC%A0+').replace('(a)', '%28a%29')), formEncoded],
    [hmac(right.replace('%20%E5%BC%A0%20', '+%E5%BC%A0+').replace('*(a)', '%2A%28a%29')), formEncoded],
    [hmac(right.replace('*(a)', '%2A%28a%29')), "!'()* are escaped; encodeURIComponent leaves them"],
    [hmac(right.replace('%E5%BC%A0', '%e5%bc%a0')), 'escapes are in lower case; they are in upper case'],
    [hmac(right.replace('%20%E5%BC%A0%20', '%E5%BC%A0')), 'values are trimmed; they are signed as they are'],
    [hmac(right.replace('&note=', '')), 'empty values are left out; they are signed too'],
    [
      hmac(right.replace('&sign_method', `&private_key=${secret}&sign_method`)),
      'private_key is signed; the secret is the key of the HMAC only',
    ],
    [hmac(`client_secret=&${right}`), 'client_secret is signed, empty; it is not to be'],
    [hmac(right, Buffer.from(secret, 'hex')), 'the secret is decoded from hexadecimal; its text is the key'],
    [hmac(right, `${secret}\n`), 'the secret has a line end'],
    [hmac(right, ''), 'the secret is empty, as where the setting that holds it is not read'],
    [
      createHmac('sha256', secret).update(right).digest('base64'),
      'the signature is Base64; it is hexadecimal',
    ],
    [
      md5(
        `client_type=shop&marks=*(a)&method=m&name= 张&nonce=0123456789abcdef&note=&private_key=${secret}` +
          `&sign_method=hmac-sha256&timestamp=${seconds}`,
      ),
      wrongWay,
    ],
  ]
  for (const [signature, mistake] of mistakes) {
    it(`finds that ${mistake.split(';')[0]}`, () => {
      const found = examine(query, signature, shop)
      expect(found).to.deep.include({ fits: false, slot: slotOf(mistake), mistakes: [mistake] })
    })
  }

  /** What is found when the call is signed rightly, but with one parameter another or left out. */
  function changed(name: string, value?: string): Diagnosis {
    const change = (text: string): string =>
      text.replace(
        new RegExp(`&${name}=[^&]*`),
        value === undefined ? '' : `&${name}=${encodeURIComponent(value)}`,
      )
    const found = examine(change(query), hmac(change(right)), shop)
    expect(found.slot).to.equal(0)
    return found
  }

  it('finds a clock that is off, and tells by how many seconds', () => {
    expect(changed('timestamp', String(seconds - 300)).fits).to.equal(true)
    expect(changed('timestamp', String(seconds + 300)).fits).to.equal(true)
    const limit = 'at most 300 are taken'
    expect(changed('timestamp', String(seconds - 301))).to.deep.include({
      fits: false,
      mistakes: [`timestamp is 301 seconds behind this clock; ${limit}`],
    })
    expect(changed('timestamp', String(seconds + 7200)).mistakes).to.deep.equal([
      `timestamp is 7200 seconds ahead of this clock; ${limit}`,
    ])
  })

  it('finds a timestamp in another unit, in another form, or missing', () => {
    const found = [String(now), '2026-01-05 16:00:00', '', undefined].map((value) =>
      changed('timestamp', value),
    )
    expect(found.map(({ mistakes }) => mistakes)).to.deep.equal([
      ['timestamp is in milliseconds; it is Unix seconds'],
      ['timestamp is no number of Unix seconds'],
      ['timestamp is missing; it is Unix seconds'],
      ['timestamp is missing; it is Unix seconds'],
    ])
  })

  it('finds a nonce that is missing, too short, too long or of other characters', () => {
    expect(changed('nonce', '12345678').fits).to.equal(true)
    expect(changed('nonce', 'x'.repeat(64)).fits).to.equal(true)
    expect(changed('nonce').mistakes).to.deep.equal(['nonce is missing; it is new for each call'])
    for (const nonce of ['1234567', 'x'.repeat(65), 'with a space', '随机随机随机随机'])
      expect(changed('nonce', nonce).mistakes).to.deep.equal([
        'nonce is not 8 to 64 printable ASCII characters without spaces',
      ])
  })

  it('finds a sign_method that is missing or another', () => {
    for (const value of [undefined, 'md5'])
      expect(changed('sign_method', value).mistakes).to.deep.equal([
        'sign_method is missing or another; it is hmac-sha256',
      ])
  })
})
