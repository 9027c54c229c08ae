import { expect } from 'chai'
import { parse } from 'node:querystring'
import { addParameters, emptyParameters, parseQueryString } from '../../../gateway/wire/query-string.js'

const pairs = (text: string) => Object.entries(parseQueryString(text))

describe('reading a query string', () => {
  it('splits names and values, and takes every character as UTF-8', () => {
    expect(pairs('a=1&name=%E5%BC%A0%E4%B8%89&emoji=%F0%9F%91%8B&张=三')).to.deep.equal([
      ['a', '1'],
      ['name', '张三'],
      ['emoji', '👋'],
      ['张', '三'],
    ])
  })

  it('keeps the first value of a repeated name, an empty one too', () => {
    expect(pairs('a=1&b=&a=2&b=3&%61=4')).to.deep.equal([
      ['a', '1'],
      ['b', ''],
    ])
  })

  it('reads "+" as a space in names and values, and %2B as a plus', () => {
    expect(pairs('a+b=c+d&e%2Bf=g%2Bh')).to.deep.equal([
      ['a b', 'c d'],
      ['e+f', 'g+h'],
    ])
  })

  it('leaves a broken escape as it stands and decodes the good ones around it', () => {
    expect(pairs('a=100%&b=%zz%41&c=%4&d=%&%=e&f=%%41&g=%E5%BC%A0%')).to.deep.equal([
      ['a', '100%'],
      ['b', '%zzA'],
      ['c', '%4'],
      ['d', '%'],
      ['%', 'e'],
      ['f', '%A'],
      ['g', '张%'],
    ])
  })

  it('reads bytes that are no UTF-8 as U+FFFD', () => {
    expect(parseQueryString('a=%FF%41&b=%E5%BC&c=%ED%A0%80')).to.deep.equal(
      Object.assign(emptyParameters(), { a: '\ufffdA', b: '\ufffd', c: '\ufffd\ufffd\ufffd' }),
    )
  })

  it('takes names without values, values without names, further equals signs, and skips empty pairs', () => {
    expect(pairs('&&a&b=&=c&d==e=f&')).to.deep.equal([
      ['a', ''],
      ['b', ''],
      ['', 'c'],
      ['d', '=e=f'],
    ])
    expect(pairs('')).to.deep.equal([])
    expect(pairs('&')).to.deep.equal([])
  })

  it('takes names of objects as ordinary names', () => {
    const params = parseQueryString('__proto__=1&constructor=2&hasOwnProperty=3&toString=4')
    expect(Object.keys(params)).to.deep.equal(['__proto__', 'constructor', 'hasOwnProperty', 'toString'])
    expect(params['__proto__']).to.equal('1')
    const inherited = Object.getOwnPropertyNames(Object.prototype)
    for (const name of inherited) expect(parseQueryString('a=1')[name], name).to.equal(undefined)
  })

  it('adds to parameters without changing those that are there', () => {
    const query = parseQueryString('a=query&empty=')
    parseQueryString('a=body&empty=body&b=body', query)
    expect(Object.entries(query)).to.deep.equal([
      ['a', 'query'],
      ['empty', ''],
      ['b', 'body'],
    ])
  })

  it('takes a thousand pairs and no more, repeated ones counted', () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => `p${at}=1`).join('&')
    expect(pairs(many(1000))).to.have.length(1000)
    expect(() => parseQueryString(many(1001))).to.throw('PARAM_ERROR: at most 1000 parameters')
    expect(() => parseQueryString('a=1&'.repeat(1001))).to.throw('PARAM_ERROR: at most 1000 parameters')
  })

  it('reads every mix of special characters as the parser of Node does, the first value counting', () => {
    const alphabet = ['a', 'b', '=', '&', '+', '%', '%41', '%2B', '%26', '%3D', '%E5%BC%A0', '%zz', ' ']
    // A small generator of its own, so that each run reads the same texts.
    let seed = 42
    const pick = () => alphabet[(seed = (seed * 1103515245 + 12345) & 0x7fffffff) % alphabet.length] ?? ''
    for (let round = 0; round < 2000; round++) {
      const text = Array.from({ length: round % 17 }, pick).join('')
      const expected = Object.entries(parse(text)).map(([name, value]) => [name, [value].flat()[0]])
      expect(pairs(text), text).to.deep.equal(expected)
    }
  })
})

describe('adding parsed scalars', () => {
  it('keeps what is there, and the first of what is added', () => {
    const into = parseQueryString('a=query&e=')
    addParameters(into, [
      ['a', 'body'],
      ['e', 'body'],
      ['b', 'first'],
      ['b', 'second'],
      ['__proto__', 'x'],
    ])
    expect(Object.entries(into)).to.deep.equal([
      ['a', 'query'],
      ['e', ''],
      ['b', 'first'],
      ['__proto__', 'x'],
    ])
  })

  it('takes a thousand and no more', () => {
    const many = Array.from({ length: 1001 }, (_, at) => [`p${at}`, ''] as const)
    expect(() => addParameters(emptyParameters(), many)).to.throw('PARAM_ERROR')
    addParameters(emptyParameters(), many.slice(1))
  })
})
