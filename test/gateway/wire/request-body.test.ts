import { expect } from 'chai'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request as send, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { emptyParameters, parseQueryString, type RawParameters } from '../../../gateway/wire/query-string.js'
import { readBody } from '../../../gateway/wire/request-body.js'

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'

interface Sent {
  readonly type?: string
  readonly headers?: Record<string, string>
  readonly body: string | Buffer
  /** What a middleware of somebody's application has made of the request before. */
  readonly prepare?: (request: IncomingMessage) => Promise<void> | void
}

describe('reading the body of a request', () => {
  let server: Server
  let read: (request: IncomingMessage) => Promise<void>
  let takesText = () => false
  before(async () => {
    server = createServer((request, response) => {
      void read(request).finally(() => response.setHeader('Connection', 'close').end())
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
  })
  after(() => server.close())

  /** The parameters that `into` has after a real request, or the error. */
  async function readSent(sent: Sent, into: RawParameters = emptyParameters()): Promise<unknown> {
    const outcome = new Promise<unknown>((resolve) => {
      read = async (request) => {
        await sent.prepare?.(request)
        await readBody(request, into, takesText).then((text) => {
          resolve(takesText() ? [text, Object.entries(into)] : Object.entries(into))
        }, resolve)
      }
    })
    const { port } = server.address() as AddressInfo
    const headers = { ...(sent.type === undefined ? {} : { 'Content-Type': sent.type }), ...sent.headers }
    const request = send({ port, host: '127.0.0.1', method: 'POST', headers })
    // A refused body is not read to its end, which a client may see as a broken connection.
    request.on('error', () => {}).on('response', (response) => response.resume())
    request.end(sent.body)
    return outcome
  }

  /** The text and the parameters that are read where a text is taken, or the error. */
  async function readText(sent: Sent): Promise<unknown> {
    takesText = () => true
    return readSent(sent).finally(() => (takesText = () => false))
  }

  async function expectError(sent: Sent, name: string, detail: string): Promise<void> {
    const error = await readSent(sent)
    if (!(error instanceof GatewayError)) expect.fail(`no error but ${String(error)}`)
    expect([error.key, error.detail]).to.deep.equal([name, detail])
  }

  it('takes an urlencoded form, also without a type or with a charset', async () => {
    const expected = [
      ['a', '1 2'],
      ['name', '张三'],
      ['empty', ''],
    ]
    const body = 'a=1+2&name=%E5%BC%A0三&empty=&a=3'
    expect(await readSent({ type: form, body })).to.deep.equal(expected)
    expect(await readSent({ body })).to.deep.equal(expected)
    expect(await readSent({ type: `${form.toUpperCase()} ; charset=UTF-8`, body })).to.deep.equal(expected)
  })

  it('takes the scalars of a JSON object by their JSON text', async () => {
    const body =
      '{"text":"张 三","int":5357305,"long":12345678901234567890,"double":0.0,"exp":1e3,"minus":-0.50,' +
      '"yes":true,"no":false,"nothing":null,"empty":"","list":[1],"object":{"a":1}}'
    expect(await readSent({ type: json, body })).to.deep.equal([
      ['text', '张 三'],
      ['int', '5357305'],
      ['long', '12345678901234567890'],
      ['double', '0.0'],
      ['exp', '1e3'],
      ['minus', '-0.50'],
      ['yes', 'true'],
      ['no', 'false'],
      ['nothing', 'null'],
      ['empty', ''],
    ])
    expect(await readSent({ type: `${json}; charset=utf-8`, body: '{}' })).to.deep.equal([])
  })

  it('keeps the first value of a name that JSON repeats, and names of objects as names', async () => {
    expect(await readSent({ type: json, body: '{"a":1,"a":2,"__proto__":"x"}' })).to.deep.equal([
      ['a', '1'],
      ['__proto__', 'x'],
    ])
  })

  it('keeps what the query has said already', async () => {
    const query = () => parseQueryString('a=query&empty=')
    const expected = [
      ['a', 'query'],
      ['empty', ''],
      ['b', '1'],
    ]
    expect(await readSent({ type: form, body: 'a=2&empty=2&b=1' }, query())).to.deep.equal(expected)
    expect(await readSent({ type: json, body: '{"a":2,"empty":2,"b":1}' }, query())).to.deep.equal(expected)
  })

  it('takes an empty body of any type as none', async () => {
    for (const type of [form, json, 'multipart/form-data', 'text/plain'])
      expect(await readSent({ type, body: '' })).to.deep.equal([])
  })

  it('makes half a surrogate pair, which UTF-8 can not carry, U+FFFD', async () => {
    const body = String.raw`{"half":"\ud83d","pair":"\ud83d\udc4b"}`
    expect(await readSent({ type: json, body })).to.deep.equal([
      ['half', '\ufffd'],
      ['pair', '👋'],
    ])
  })

  it('refuses JSON that is broken or no object', async () => {
    for (const body of ['{', '{"a":}', '{a:1}', "{'a':1}", 'a=1', '\u0000'])
      await expectError({ type: json, body }, 'PARAM_ERROR', 'body: JSON')
    for (const body of ['[]', 'null', '1', '"a"', 'true'])
      await expectError({ type: json, body }, 'PARAM_ERROR', 'body: a JSON object')
  })

  it('refuses other types and compressed bodies', async () => {
    const wanted = 'body: application/x-www-form-urlencoded or application/json'
    for (const type of ['multipart/mixed; boundary=x', 'text/plain', 'application/xml', 'application/jsonp'])
      await expectError({ type, body: 'a=1' }, 'BODY_TYPE', wanted)
    const gzip = { type: form, headers: { 'Content-Encoding': 'gzip' }, body: 'a=1' }
    await expectError(gzip, 'BODY_TYPE', 'content-encoding: identity')
    const identity = { ...gzip, headers: { 'Content-Encoding': 'identity' } }
    expect(await readSent(identity)).to.deep.equal([['a', '1']])
  })

  it('reads over the mark that Windows writes before UTF-8', async () => {
    expect(await readSent({ type: json, body: '\ufeff{"a":"é"}' })).to.deep.equal([['a', 'é']])
    expect(await readSent({ type: form, body: '\ufeffa=1' })).to.deep.equal([['a', '1']])
  })

  it('reads a form in the character set that its type names, escaped or not', async () => {
    // 张三=陆 in GBK, as PHP's iconv writes it.
    const bytes = Buffer.from('d5c5c8fd3dc2bd26613d312b322532420a'.slice(0, -2), 'hex')
    const escaped = '%D5%C5%C8%FD=%C2%BD&a=1+2%2B'
    const wanted = [
      ['张三', '陆'],
      ['a', '1 2+'],
    ]
    for (const charset of ['GBK', 'gb2312', '"gb18030"', 'GB18030; x=y'])
      for (const body of [bytes, escaped])
        expect(await readSent({ type: `${form}; charset=${charset}`, body })).to.deep.equal(wanted)
    expect(await readSent({ type: `${form}; charset=utf-8`, body: 'a=%E5%BC%A0' })).to.deep.equal([
      ['a', '张'],
    ])
    expect(await readSent({ type: `${form}; charset=iso-8859-1`, body: 'a=%E9' })).to.deep.equal([['a', 'é']])
  })

  it('refuses a set that is not known or not of forms, and bytes that are none of it', async () => {
    for (const charset of ['klingon', 'utf-16'])
      await expectError(
        { type: `${form}; charset=${charset}`, body: 'a=1' },
        'BODY_TYPE',
        'charset: utf-8 or gbk',
      )
    await expectError({ type: `${form}; charset=gbk`, body: 'a=%D5' }, 'PARAM_ERROR', 'body: text in gbk')
  })

  it('hands on what is neither form nor JSON as the text it is, where one is taken', async () => {
    const body = '<xml><Content>你好 a=1&b=2</Content></xml>'
    for (const type of ['text/xml', 'application/xml; charset=utf-8', 'text/plain'])
      expect(await readText({ type, body })).to.deep.equal([body, []])
    expect(await readText({ type: 'text/xml', body: '' })).to.deep.equal([undefined, []])
    expect(await readText({ type: form, body: 'a=1' })).to.deep.equal([undefined, [['a', '1']]])
    expect(await readText({ type: json, body: '{"a":1}' })).to.deep.equal([undefined, [['a', '1']]])
    expect(await readText({ body })).to.deep.equal([body, []])
    const compressed = { type: 'text/xml', headers: { 'Content-Encoding': 'gzip' }, body }
    expect(await readText(compressed)).to.have.property('key', 'BODY_TYPE')
    const large = { type: 'text/xml', body: 'x'.repeat(256 * 1024 + 1) }
    expect(await readText(large)).to.have.property('key', 'BODY_TOO_LARGE')
  })

  it('takes 256 KiB and not a byte more, told beforehand or not', async () => {
    const most = 256 * 1024
    const whole = Buffer.from(`a=${'x'.repeat(most - 2)}`)
    expect(await readSent({ type: form, body: whole })).to.deep.equal([['a', 'x'.repeat(most - 2)]])
    const detail = `body: at most ${most} bytes`
    const more = Buffer.concat([whole, Buffer.from('x')])
    await expectError({ type: form, body: more }, 'BODY_TOO_LARGE', detail)
    const chunked = { type: form, headers: { 'Transfer-Encoding': 'chunked' }, body: more }
    await expectError(chunked, 'BODY_TOO_LARGE', detail)
  })

  it('takes at most a thousand parameters', async () => {
    const detail = 'at most 1000 parameters'
    await expectError({ type: form, body: 'a=1&'.repeat(1001) }, 'PARAM_ERROR', detail)
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`p${at}`, at]))
    await expectError({ type: json, body: JSON.stringify(many) }, 'PARAM_ERROR', detail)
  })

  it('says that a body was cut off', async () => {
    const { port } = server.address() as AddressInfo
    const outcome = new Promise<unknown>((resolve) => {
      read = (request) => readBody(request, emptyParameters()).then(() => resolve('read'), resolve)
    })
    const request = send({ port, host: '127.0.0.1', method: 'POST', headers: { 'Content-Length': 10 } })
    request.on('error', () => {})
    request.write('a=1', () => request.destroy())
    const error = await outcome
    expect(error).to.have.property('message', 'PARAM_ERROR: body: was cut off')
  })
})

describe('a body that an application has parsed before', () => {
  let server: Server
  let serve: (request: IncomingMessage) => Promise<void>
  before(async () => {
    server = createServer((request, response) => void serve(request).finally(() => response.end()))
    await once(server.listen(0, '127.0.0.1'), 'listening')
  })
  after(() => server.close())

  /** What is read of a request that came with `text`, after a middleware has left `body` on it. */
  async function readParsed(
    body: unknown,
    type: string,
    { consumed = true, text = 'a=raw', takesText = false } = {},
  ) {
    const into = emptyParameters()
    let read: string | undefined
    serve = async (request) => {
      if (consumed) for await (const _ of request);
      read = await readBody(Object.assign(request, { body }), into, () => takesText)
    }
    const { port } = server.address() as AddressInfo
    await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body: text,
    })
    return takesText ? [read, Object.entries(into)] : Object.entries(into)
  }

  it('is the text it was, read by express.text() or express.raw(), where one is taken', async () => {
    const options = { takesText: true, text: '<xml/>' }
    for (const body of ['<xml/>', Buffer.from('<xml/>')])
      expect(await readParsed(body, 'text/xml', options)).to.deep.equal(['<xml/>', []])
    // Another parser has left nothing of the text.
    expect(await readParsed({ xml: '' }, 'text/xml', options)).to.deep.equal([undefined, []])
    expect(await readParsed({ a: '1' }, form, options)).to.deep.equal([undefined, [['a', '1']]])
    const unread = { ...options, consumed: false }
    expect(await readParsed({}, 'text/xml', unread)).to.deep.equal(['<xml/>', []])
  })

  it('is taken as it is, the first of a list that a form parser made of a repeated name', async () => {
    expect(await readParsed({ a: ['1', '2'], b: '3', c: [], d: { e: '4' } }, form)).to.deep.equal([
      ['a', '1'],
      ['b', '3'],
    ])
  })

  it('counts by its scalars if it was JSON', async () => {
    expect(await readParsed({ a: ['1'], b: 3, c: true, d: null, e: {} }, json)).to.deep.equal([
      ['b', '3'],
      ['c', 'true'],
      ['d', 'null'],
    ])
  })

  it('is nothing when it is text or empty', async () => {
    for (const body of ['a=1', '', null, 0, false, {}]) expect(await readParsed(body, form)).to.deep.equal([])
  })

  it('is read after all when the middleware set an empty one and left the real one unread', async () => {
    expect(await readParsed({}, form, { consumed: false })).to.deep.equal([['a', 'raw']])
  })
})
