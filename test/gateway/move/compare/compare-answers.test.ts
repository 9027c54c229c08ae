import { expect } from 'chai'
import { compareAnswers } from '../../../../gateway/move/compare/compare-answers.js'
import { differenceKinds } from '../../../../gateway/move/compare/difference.js'
import { createNoise } from '../../../../gateway/move/compare/noise.js'
import type { RecordedAnswer } from '../../../../gateway/move/traffic/recorded-call.js'

function answer(text: string, change: Partial<RecordedAnswer> = {}): RecordedAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json;charset=UTF-8' },
    body: { text },
    ...change,
  }
}

/** Kinds, with the place each was found at. */
function found(recorded: string, came: string): string[] {
  return compareAnswers(answer(recorded), answer(came)).map(({ kind, path }) => `${kind} ${path}`)
}

const inData = (value: string) => `{"code":200,"data":${value},"message":"操作成功"}`

/** Two texts and what a client finds; the same is found the other way round, but for the two in parentheses. */
const cases: readonly (readonly [title: string, one: string, other: string, expected: readonly string[]])[] =
  [
    ['nothing', inData('{"a":1}'), inData('{"a":1}'), []],
    ['escaped slashes', inData('{"a":"x/y"}'), inData('{"a":"x\\/y"}'), ['escaped-slash $.data.a']],
    ['escaped characters', inData('{"a":"王"}'), inData('{"a":"\\u738b"}'), ['escaped-unicode $.data.a']],
    [
      'both escapes',
      inData('{"a":"王/"}'),
      inData('{"a":"\\u738b\\/"}'),
      ['escaped-slash $.data.a', 'escaped-unicode $.data.a'],
    ],
    ['a number as text', inData('{"uid":1}'), inData('{"uid":"1"}'), ['string-number $.data.uid']],
    ['another type', inData('{"uid":1}'), inData('{"uid":"x"}'), ['type $.data.uid']],
    ['a list for an object', inData('[]'), inData('{}'), ['empty-list-object $.data']],
    ['a list with something for an object', inData('[1]'), inData('{}'), ['type $.data']],
    ['0.0 for 0', inData('{"sum":0}'), inData('{"sum":0.0}'), ['number-form $.data.sum']],
    ['"0.0" for "0"', inData('{"sum":"0"}'), inData('{"sum":"0.0"}'), ['number-form $.data.sum']],
    ['600.00 for 600.0', inData('[600.0]'), inData('[600.00]'), ['number-form $.data[*]']],
    ['missing for null', inData('{"a":null,"b":1}'), inData('{"b":1}'), ['missing-null $.data.a']],
    ['null for an empty text', inData('{"a":null}'), inData('{"a":""}'), ['null-empty $.data.a']],
    ['true for 1', inData('{"a":true}'), inData('{"a":1}'), ['boolean-form $.data.a']],
    ['true for false', inData('{"a":true}'), inData('{"a":false}'), ['value $.data.a']],
    ['another order', inData('{"a":1,"b":2}'), inData('{"b":2,"a":1}'), ['key-order $.data']],
    [
      'names that are numbers, in another order',
      inData('{"2":1,"1":2}'),
      inData('{"1":2,"2":1}'),
      ['key-order $.data'],
    ],
    ['another length', inData('[1,2]'), inData('[1]'), ['list-length $.data']],
    ['another text', inData('[]'), inData('[]').replace('操作成功', '成功'), ['text $.message']],
    [
      'another number of the envelope',
      '{"code":10012,"message":"a"}',
      '{"code":10010,"message":"b"}',
      ['code $.code'],
    ],
    [
      'another outcome of the account envelope',
      '{"status":200,"code":0,"msg":"操作成功","data":{"a":1},"error":null}',
      '{"status":250,"code":300,"msg":"no","data":null,"error":null}',
      ['code $.code', 'code $.status'],
    ],
    [
      'a date in another form',
      inData('{"t":"2015-11-13 14:14:35"}'),
      inData('{"t":"2015/11/13 14:14:35"}'),
      ['date-form $.data.t'],
    ],
    [
      'a date in another zone',
      inData('{"t":"2015-11-13 14:14:35"}'),
      inData('{"t":"2015-11-13 06:14:35"}'),
      ['date-zone $.data.t'],
    ],
    [
      'a date in another form and zone',
      inData('{"t":"2015-11-13 14:14:35"}'),
      inData('{"t":"2015-11-13T06:14:35Z"}'),
      ['date-form $.data.t', 'date-zone $.data.t'],
    ],
    [
      'the zone behind a date',
      inData('{"t":"2015-11-13T14:14:35+08:00"}'),
      inData('{"t":"2015-11-13T14:14:35+00:00"}'),
      ['date-zone $.data.t'],
    ],
    [
      'a fraction of a second',
      inData('{"t":"2015-11-13T14:14:35.123Z"}'),
      inData('{"t":"2015-11-13T14:14:35.124Z"}'),
      ['value $.data.t'],
    ],
    [
      'another moment',
      inData('{"t":"2015-11-13 14:14:35"}'),
      inData('{"t":"2015-11-13 14:14:36"}'),
      ['value $.data.t'],
    ],
    ['another value', inData('{"a":"x"}'), inData('{"a":"y"}'), ['value $.data.a']],
    ['a byte order mark', inData('[]'), `\ufeff${inData('[]')}`, ['byte-order-mark $']],
    ['a line end', inData('[]'), `${inData('[]')}\n`, ['blank-around $']],
    ['blanks inside', inData('[]'), inData('[]').replace(':', ': '), ['spacing $']],
    ['JSONP with another function', `f(${inData('[]')})`, `g(${inData('[]')})`, ['callback $']],
    ['what is no JSON', inData('[]'), '<b>Warning</b>: Undefined index', ['not-json $']],
  ]

describe('Two answers as a client reads them', () => {
  for (const [title, one, other, expected] of cases) {
    it(`differ in ${title}`, () => {
      expect(found(one, other)).to.deep.equal(expected)
      expect(found(other, one)).to.have.members(expected)
    })
  }

  it('differ in a field that one of them lacks', () => {
    expect(found(inData('{"a":1}'), inData('{}'))).to.deep.equal(['missing-field $.data.a'])
    expect(found(inData('{}'), inData('{"a":1}'))).to.deep.equal(['extra-field $.data.a'])
  })

  it('differ in status and in headers that clients read, without regard to case and blanks', () => {
    const plain = answer('{}')
    const kinds = (change: Partial<RecordedAnswer>) =>
      compareAnswers(plain, answer('{}', change)).map(({ kind, path }) => `${kind} ${path}`)
    expect(kinds({ status: 404 })).to.deep.equal(['status status'])
    expect(kinds({ headers: { 'content-type': 'Application/JSON; charset=utf-8' } })).to.deep.equal([])
    expect(kinds({ headers: { 'content-type': 'text/html' } })).to.deep.equal(['header header content-type'])
    expect(kinds({ headers: { ...plain.headers, 'x-content-type-options': 'nosniff' } })).to.deep.equal([])
    expect(kinds({ headers: { ...plain.headers, location: '/x' } })).to.deep.equal(['header header location'])
  })

  it('differ in a body that is neither form nor JSON', () => {
    const picture = (hash: string) => answer('', { body: { hash, bytes: 5 } })
    expect(compareAnswers(picture('a'), picture('a'))).to.deep.equal([])
    expect(compareAnswers(picture('a'), picture('b')).map(({ kind }) => kind)).to.deep.equal(['body'])
  })

  it('show both sides', () => {
    expect(compareAnswers(answer(inData('{"a":1}')), answer(inData('{"a":"1"}')))).to.deep.equal([
      { kind: 'string-number', path: '$.data.a', recorded: '1', came: '"1"' },
    ])
  })

  it('have a name and a meaning for every kind', () => {
    expect(Object.keys(differenceKinds)).to.have.length(27)
  })
})

describe('Noise', () => {
  it('is what the old server differs in from itself, and not the type of the same field', () => {
    const noise = createNoise()
    const [random] = compareAnswers(answer(inData('{"r":1.5}')), answer(inData('{"r":2.5}')))
    if (random) noise.learn('open.passport.get', random)
    const kept = createNoise(JSON.parse(JSON.stringify(noise)))
    const left = (came: string, method = 'open.passport.get') =>
      kept
        .without(method, compareAnswers(answer(inData('{"r":1.5}')), answer(inData(came))))
        .map(({ kind }) => kind)
    expect(left('{"r":7}')).to.deep.equal([])
    expect(left('{"r":"7"}')).to.deep.equal(['type'])
    expect(left('{}')).to.deep.equal(['missing-field'])
    expect(left('{"r":7}', 'another.method')).to.deep.equal(['value'])
  })
})
