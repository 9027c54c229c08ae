import { expect } from 'chai'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { legacySignedText, signHmac, signLegacy } from '../../../gateway/wire/signature.js'
import { startGateway, type TestApp, type TestGateway } from '../../harness.js'
import { requireProgram } from '../../servers/available.js'
import { onEachDatabase } from '../../servers/databases.js'
import { runToEnd } from '../../servers/processes/process.js'
import { clientFile, type Pairs, type PhpStep, runPhp } from './php-runner.js'

const key = '0123456789abcdef0123456789abcdef'
const refused = { code: 500, message: '数据验证错误.', httpStatus: 200 }
const done = { code: 200, message: 'success.' }

/** Names and values that clients written by hand sign wrongly. */
const awkward: Pairs = [
  ['\u{1F600}', 'above U+FFFF, whose surrogates sort before U+E000'],
  ['\uFF21', 'above the surrogates'],
  ['\u{1F601}b', 'again'],
  ['\uD7FF', 'below the surrogates'],
  ['张', '三'],
  ['Z', 'capitals first'],
  ['a-b', 'by name, not by pair'],
  ['a', '2'],
  ['10', 'names of digits are names'],
  ['9', 'of which PHP makes numbers'],
  ['empty', ''],
  ['spaces', '  both ends  '],
  ['control', '\u0001\tx\u000b\u0000'],
  ['wide', '\u3000x\u3000\u00a0'],
  ['plus', 'a+b c%2B&=?#'],
  ['marks', '-_.!~*\'()[]/\\"<>'],
  ['multiline', 'a\r\nb'],
]

describe('the PHP client', () => {
  let php: string

  before(function () {
    php = requireProgram(this, 'php')
  })

  it('makes the signatures that the wire gives as examples', async () => {
    const longCall: Pairs = [
      ['v', 7],
      ['app_version', '3.8.2'],
      ['area', 86],
      ['screen_size', '720x1280'],
      ['client_type', 'web'],
      ['os_version', 'yohobuy:h5'],
      ['code', '1234'],
      ['method', 'web.passport.checkcode'],
      ['mobile', '13900000000'],
    ]
    const spaced: Pairs = [
      ['app_version', '3.8.2'],
      ['client_type', 'web'],
      ['method', 'open.passport.get'],
      ['nickname', ' 张三 '],
      ['uid', '5357305'],
    ]
    const outcomes = await runPhp(php, [
      { do: 'sign', with: 'signLegacy', params: longCall, secret: key },
      { do: 'sign', with: 'signLegacy', params: spaced, secret: key },
    ])
    expect(outcomes).to.deep.equal([
      { data: '914a6d552ebf6511d5bfd4702a0ef99f' },
      { data: '06d6709fb55086b2a72bad425dabefd2' },
    ])
  })

  it('signs awkward names and values as the gateway does, in both schemes', async () => {
    const params = Object.fromEntries(awkward.map(([name, value]) => [name, String(value)]))
    const unsigned: Pairs = [
      ['client_secret', 'x'],
      ['q', 'x'],
      ['debug_data', 'x'],
      ['/api', 'x'],
      ['private_key', 'x'],
    ]
    const outcomes = await runPhp(php, [
      { do: 'sign', with: 'legacySignedText', params: [...unsigned, ...awkward], secret: key },
      { do: 'sign', with: 'signLegacy', params: awkward, secret: key },
      { do: 'sign', with: 'signHmac', params: awkward, secret: key },
    ])
    expect(outcomes).to.deep.equal([
      { data: legacySignedText(params, key) },
      { data: signLegacy(params, key) },
      { data: signHmac(params, key) },
    ])
  })

  it('is written in no syntax younger than PHP 5.6, and calls nothing that later versions deprecate', async () => {
    const younger = ['COALESCE', 'COALESCE_EQUAL', 'SPACESHIP', 'FN', 'MATCH', 'NULLSAFE_OBJECT_OPERATOR']
    const names = [...younger, 'READONLY', 'ENUM', 'NAME_QUALIFIED'].map((name) => `T_${name}`)
    const list = `foreach (token_get_all(file_get_contents($argv[1])) as $t) {
      if (is_array($t)) echo token_name($t[0]), "\\n";
    }`
    const tokens = (await runToEnd({ command: php, args: ['-r', list, clientFile] })).split('\n')
    expect(tokens).to.include('T_FUNCTION')
    expect(tokens.filter((token) => names.includes(token))).to.deep.equal([])
    const code = readFileSync(clientFile, 'utf8').replaceAll(/\/\*.*?\*\//gs, '')
    // What a parameter may not have is a scalar type; what a function may not have is the type of its result.
    expect(code).not.to.match(/\b(int|string|bool|float|mixed|iterable|object)\s+\$/)
    expect(code).not.to.match(/function\b[^{;]*\)\s*:/)
    // To PHP 5 and 7 an attribute is a comment up to the end of its line.
    expect(code.match(/#\[.*/g)).to.deep.equal(['#[\\SensitiveParameter]'])
    expect(code).not.to.match(/\b(curl_close|utf8_encode|strftime|each|\$http_response_header)\b/)
  })

  it('does not show the secret when it is dumped', async () => {
    const [outcome] = await runPhp(php, [
      { do: 'dump', baseUrl: 'http://a.example', app: 'web', secret: key },
    ])
    expect(outcome?.data).to.contain('http://a.example/gateway').and.not.to.contain(key)
  })

  it('refuses what can not be sent before it sends anything', async () => {
    const standard = { do: 'call', baseUrl: 'http://a.example', app: 'web', secret: key } as const
    const call = { ...standard, options: {}, method: 'm', params: [] } as const
    const outcomes = await runPhp(php, [
      { ...call, baseUrl: 'a.example' },
      { ...call, baseUrl: 'http://a.example/?x=1' },
      { ...call, options: { timeOut: 1 } },
      { ...call, options: { scheme: 'md5' } },
      { ...call, options: { transport: 'pigeon' } },
      { ...call, options: { headers: { 'X-Real-IP': '1.2.3.4\r\nHost: b.example' } } },
      { ...call, verb: 'PUT' },
    ])
    expect(outcomes).to.deep.equal([
      { invalid: 'baseUrl: http://host or https://host, without query' },
      { invalid: 'baseUrl: http://host or https://host, without query' },
      { invalid: 'unknown options: timeOut' },
      { invalid: 'scheme: legacy or hmac-sha256' },
      { invalid: 'transport: curl or stream' },
      { invalid: 'headers: X-Real-IP holds a line end' },
      { invalid: 'verb: GET or POST' },
    ])
  })
})

onEachDatabase('the PHP client with a gateway', (database) => {
  let php: string
  let gateway: TestGateway
  let uid: number
  const apps: TestApp[] = []

  before(async function () {
    php = requireProgram(this, 'php')
    gateway = await startGateway(database)
    apps.push(gateway.web, await gateway.addApp({ name: 'shop', scheme: 'hmac-sha256' }))
    uid = (await gateway.addUser({ password: 'a+b & 张三%' })).uid
  })

  after(() => gateway.close())

  interface Way extends Readonly<Record<string, unknown>> {
    readonly verb?: string
    readonly baseUrl?: string
    readonly secret?: string
  }

  /** A call; what `way` has besides are options of the client. */
  function step(app: TestApp, method: string, params: Pairs = [], way: Way = {}): PhpStep {
    const { verb, baseUrl = gateway.url, secret = app.secret, ...more } = way
    const options = { scheme: app.scheme, ...more }
    return { do: 'call', app: app.name, baseUrl, secret, options, method, params, ...(verb && { verb }) }
  }

  it('calls in both schemes, by POST and GET, by curl and by streams', async () => {
    const ways = apps.flatMap((app) =>
      ['POST', 'GET'].flatMap((verb) => [
        { app, verb },
        { app, verb, transport: 'stream' },
      ]),
    )
    const params: Pairs = [
      ['uid', uid],
      ['password', 'a+b & 张三%'],
    ]
    const steps = ways.map(({ app, ...way }) => step(app, 'web.passport.verifyUserPwd', params, way))
    const outcomes = await runPhp(php, steps)
    expect(outcomes).to.deep.equal(ways.map(() => ({ data: done })))
  })

  it('sends and signs awkward values and names, in whatever order, declared or not', async () => {
    const address = '  北京 a+b %2B &=?#\u{1F600}"  '
    const pairs: Pairs = [
      ...awkward,
      ['uid', uid],
      ['full_address', address],
      ['qq', ''],
      ['flag', true],
      ['no', null],
    ]
    const ways = apps.flatMap((app) => ['POST', 'GET'].map((verb) => ({ app, verb })))
    const outcomes = await runPhp(
      php,
      ways.flatMap(({ app, verb }) => [
        step(app, 'web.passport.modifyUserContacts', pairs, { verb }),
        step(app, 'web.passport.modifyUserContacts', pairs.toReversed(), {
          verb,
          common: { app_version: '3.8.2' },
        }),
        step(app, 'web.passport.getUserContacts', [['uid', uid]], { verb }),
      ]),
    )
    for (const outcome of outcomes) expect(outcome).to.have.property('data')
    expect(outcomes[2]?.data).to.include({ uid, full_address: address, qq: '' })
  })

  it('gives void data as an empty array', async () => {
    const outcomes = await runPhp(php, [
      step(gateway.web, 'web.passport.sendcode', [['mobile', '13912345678']]),
    ])
    expect(outcomes).to.deep.equal([{ data: [] }])
  })

  it("throws the gateway's code, text and request id", async () => {
    const outcomes = await runPhp(php, [
      step(gateway.web, 'web.passport.sendcode'),
      step(gateway.web, 'web.passport.sendcode', [['mobile', '123']]),
      step(gateway.web, 'web.passport.nothing'),
      step(gateway.web, 'web.passport.verifyUserPwd', [
        ['uid', uid],
        ['password', 'wrong password'],
      ]),
    ])
    expect(outcomes.map(({ code, message, httpStatus }) => [code, message, httpStatus])).to.deep.equal([
      [401, '手机号码错误', 200],
      [402, '手机号码格式错误', 200],
      [1000, '接口不存在', 404],
      [10012, '密码错误', 200],
    ])
    for (const { requestId } of outcomes) expect(requestId).to.match(/^[\w.-]{8,64}$/)
    expect(gateway.logLines.join('')).to.contain(outcomes[0]?.requestId)
  })

  it('is refused with a wrong secret, the wrong scheme or an unknown name', async () => {
    const [web, shop] = apps as [TestApp, TestApp]
    const params: Pairs = [['mobile', '13912345679']]
    const outcomes = await runPhp(php, [
      step(web, 'web.passport.sendcode', params, { secret: key }),
      step(shop, 'web.passport.sendcode', params, { secret: key }),
      step(shop, 'web.passport.sendcode', params, { scheme: 'legacy' }),
      step({ ...web, name: 'nobody' }, 'web.passport.sendcode', params),
    ])
    for (const outcome of outcomes) expect(outcome).to.include(refused)
  })

  it('sends its headers, and the private key never', async () => {
    const seen: string[] = []
    const echo = createServer((request, response) => {
      seen.push(`${request.url} ${String(request.headers['x-real-ip'])}`)
      response.end('{"code":200,"data":[],"message":""}')
    })
    await once(echo.listen(0, '127.0.0.1'), 'listening')
    const baseUrl = `http://127.0.0.1:${(echo.address() as AddressInfo).port}/base/`
    const more = { baseUrl, verb: 'GET', headers: { 'X-Real-IP': '203.0.113.9' } }
    const params: Pairs = [
      ['private_key', key],
      ['client_secret', 'old'],
      ['client_type', 'other'],
    ]
    await runPhp(php, [step(gateway.web, 'm', params, more)])
    await new Promise((resolve) => echo.close(resolve))
    expect(seen).to.have.length(1)
    expect(seen[0]).to.match(
      /^\/base\/gateway\?method=m&client_type=web&client_secret=[0-9a-f]{32} 203\.0\.113\.9$/,
    )
  })

  it('checks the checksum of every answer when it knows the salt', async () => {
    const salted = await startGateway(database, { PASSPORT_SALT: 'made-up-salt' })
    const { url: baseUrl } = salted
    const outcomes = await runPhp(php, [
      step(
        gateway.web,
        'web.passport.verifyUserPwd',
        [
          ['uid', uid],
          ['password', 'a+b & 张三%'],
        ],
        {
          baseUrl,
          salt: 'made-up-salt',
        },
      ),
      step(gateway.web, 'web.passport.sendcode', [], { baseUrl, salt: 'made-up-salt', transport: 'stream' }),
      step(gateway.web, 'web.passport.sendcode', [], { baseUrl, salt: 'another-salt' }),
      step(gateway.web, 'web.passport.sendcode', [], { salt: 'made-up-salt' }),
    ])
    await salted.close()
    expect(outcomes.map(({ data, code, message }) => data ?? [code, message])).to.deep.equal([
      done,
      [401, '手机号码错误'],
      [0, 'the checksum of the answer is wrong'],
      [0, 'the answer has no checksum'],
    ])
  })
})
