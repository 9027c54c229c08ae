import { expect } from 'chai'
import type { Exchange } from '../../../../gateway/move/traffic/exchange.js'
import { createRedaction } from '../../../../gateway/move/traffic/redaction.js'

const redaction = createRedaction(Buffer.alloc(32, 1))
const p = redaction.pseudonym

function exchange(
  change: Partial<Omit<Exchange, 'body'>> & { body?: string; answerText?: string } = {},
): Exchange {
  const { body = '', answerText = '{"code":200,"data":[],"message":"操作成功"}', ...rest } = change
  return {
    at: 1000,
    took: 2,
    client: '203.0.113.7',
    verb: 'GET',
    url: '/gateway?method=open.passport.get',
    headers: [],
    ...rest,
    body: Buffer.from(body),
    answer: {
      status: 200,
      headers: ['Content-Type', 'application/json;charset=UTF-8'],
      body: Buffer.from(answerText),
    },
  }
}

function textOf(call: ReturnType<typeof redaction.call>): string {
  return 'text' in call.answer.body ? call.answer.body.text : 'no text'
}

describe('What a record holds', () => {
  it('is the call without its values, whose names, order and plain parts stay', () => {
    const url =
      '/gateway/?method=web.passport.checkcode&app_version=3.8.2&mobile=13912345678&area=86&code=9691&empty=&page=2'
    const call = redaction.call(exchange({ url }), 0)
    expect(call.url).to.equal(
      `/gateway/?method=web.passport.checkcode&app_version=3.8.2&mobile=${p('13912345678')}&area=86&code=${p('9691')}&empty=&page=2`,
    )
    expect(call).to.include({ at: 1000, took: 2, method: 'web.passport.checkcode', app: '', verb: 'GET' })
  })

  it('has no value of a parameter that nobody knows', () => {
    const call = redaction.call(
      exchange({ url: '/gateway?method=x.y&favourite_dish=dumplings&n=77&qq=94900000&note=%E7%8E%8B' }),
      0,
    )
    // A single character says nothing.
    expect(call.url).to.equal(
      `/gateway?method=x.y&favourite_dish=${p('dumplings')}&n=77&qq=${p('94900000')}&note=%E7%8E%8B`,
    )
  })

  it('has forms, JSON and headers treated alike', () => {
    const form = exchange({
      verb: 'POST',
      headers: [
        'Content-Type',
        'application/x-www-form-urlencoded',
        'Authorization',
        'Bearer abcdef.ghijkl',
        'X-Own',
        'Wang',
      ],
      body: 'uid=6030455&newPassword=Hush-1234',
    })
    const call = redaction.call(form, 0)
    expect(call.body).to.deep.equal({ text: `uid=${p('6030455')}&newPassword=${p('Hush-1234')}` })
    expect(call.headers).to.deep.equal({
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Bearer ${p('abcdef.ghijkl')}`,
    })
    const json = exchange({
      verb: 'POST',
      headers: ['content-type', 'application/json'],
      body: '{ "uid": 6030455, "password" :"Hush-1234","v":7 }',
    })
    expect(redaction.call(json, 0).body).to.deep.equal({
      text: `{ "uid": ${p('6030455')}, "password" :"${p('Hush-1234')}","v":7 }`,
    })
  })

  it('keeps how an answer is written: escapes, numbers, dates, order', () => {
    const answerText =
      '\ufeff{"status":200,"data":{"user_id":6030455,"same":"6030455","sum":0.0,"ud_address":"\\u4e0a\\u6d77\\/\\u5f90","at":"2015-11-13 14:14:35","none":null},"msg":"发送到13912345678"}\n'
    const written = textOf(redaction.call(exchange({ answerText }), 0))
    const id = p('6030455')
    const address = p('上海/徐')
    const escaped = Array.from(address)
      .map((one) => (one === '/' ? '\\/' : `\\u${one.charCodeAt(0).toString(16)}`))
      .join('')
    expect(written).to.equal(
      `\ufeff{"status":200,"data":{"user_id":${id},"same":"${id}","sum":0.0,"ud_address":"${escaped}","at":"2015-11-13 14:14:35","none":null},"msg":"发送到${p('13912345678')}"}\n`,
    )
  })

  it('has JSONP with its function, and a hash of what it does not know', () => {
    const jsonp = exchange({ answerText: 'jQuery_1({"code":200,"data":{"token":"Zq8LmW3x"}})' })
    expect(textOf(redaction.call(jsonp, 0))).to.equal(
      `jQuery_1({"code":200,"data":{"token":"${p('Zq8LmW3x')}"}})`,
    )
    const page = redaction.call(exchange({ answerText: '<h1>Wang Hong</h1>' }), 0).answer.body
    expect(page).to.have.property('bytes', 18)
    expect(JSON.stringify(page)).not.to.contain('Wang')
  })

  it('says whose calls belong together, by number, token or user', () => {
    const signIn = exchange({
      url: '/front/account/login/login?user_account=%2B8613912345678&password=Hush-1234',
      answerText: '{"status":200,"code":0,"data":{"token":"tok.en.one","user_id":6030455}}',
    })
    const send = exchange({ url: '/gateway?method=web.passport.sendcode&mobile=13912345678' })
    const after = exchange({ url: '/front/account/user/info', headers: ['Authorization', 'tok.en.one'] })
    const [first, second, third, fourth] = [signIn, send, after, exchange()].map(
      (one) => redaction.call(one, 0).owners,
    )
    expect(second).to.deep.equal([p('13912345678')])
    expect(third).to.deep.equal([p('tok.en.one')])
    expect(first).to.include.members([p('13912345678'), p('tok.en.one')])
    expect(fourth).to.deep.equal([p('203.0.113.7')])
  })

  it('keeps legacy signatures only where that was wanted', () => {
    const signed = exchange({ url: `/gateway?method=a.b&client_type=h5&client_secret=${'a'.repeat(32)}` })
    expect(redaction.call(signed, 0).url).to.contain(`client_secret=${p('a'.repeat(32))}`)
    const keeping = createRedaction(Buffer.alloc(32, 1), { keepSignatures: true })
    expect(keeping.call(signed, 0).url).to.contain(`client_secret=${'a'.repeat(32)}`)
  })
})
