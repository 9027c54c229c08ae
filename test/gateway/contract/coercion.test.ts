import { expect } from 'chai'
import { compileCoercion } from '../../../gateway/contract/coercion.js'

const timeZone = 'Asia/Shanghai'
const account = { nothingWords: true, timeZone }
const passport = { nothingWords: false, timeZone }

/** What each text becomes; itself where nothing fits, for validation to refuse. */
function expectTable(
  type: string,
  rules: typeof account,
  table: readonly (readonly [string, unknown])[],
): void {
  for (const [text, value] of table)
    expect(compileCoercion({ type }, rules)(text), `${type} ${JSON.stringify(text)}`).to.equal(value)
}

const same = (...texts: string[]) => texts.map((text) => [text, text] as const)

describe('turning the text of a parameter into its declared type', () => {
  it('leaves text alone, spaces and all', () => {
    expectTable('string', passport, same('', ' a ', '0', 'true', 'null', 'undefined', 'NaN', '张三'))
  })

  it('makes whole numbers of digits, and leaves everything else to be refused', () => {
    const numbers = [
      ['0', 0],
      ['12', 12],
      ['-3', -3],
      ['007', 7],
      ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ] as const
    const refused = same(
      '0x10',
      ' 12 ',
      '12 ',
      '+5',
      '1e3',
      '1.0',
      '1,000',
      '--1',
      'Infinity',
      '１２',
      '1'.repeat(18),
    )
    expectTable('integer', passport, [...numbers, ...refused])
  })

  it('makes numbers of digits with at most one point between them', () => {
    const numbers = [
      ['0', 0],
      ['0.95', 0.95],
      ['-12.50', -12.5],
      ['1971', 1971],
    ] as const
    const refused = same('.5', '5.', '0x10', ' 1', '1e3', '1.2.3', '1,5', 'Infinity', '+1')
    expectTable('number', passport, [...numbers, ...refused])
  })

  it('knows the words for yes and no in any case', () => {
    const yes = ['true', 'TRUE', 'True', '1', 'on', 'ON', 'yes', 'Yes'].map((text) => [text, true] as const)
    const no = ['false', 'FALSE', '0', 'off', 'Off', 'no', 'NO'].map((text) => [text, false] as const)
    const refused = same('2', 'y', 'n', ' true', '00', '-1', 'toString', '__proto__', 'constructor')
    expectTable('boolean', account, [...yes, ...no, ...refused])
  })

  it('takes an empty text as not given, but for texts', () => {
    for (const rules of [account, passport]) {
      for (const type of ['integer', 'number', 'boolean']) expectTable(type, rules, [['', undefined]])
      expectTable('string', rules, [['', '']])
    }
  })

  it('takes null, undefined and NaN of the account clients as not given, and as empty for texts', () => {
    for (const word of ['null', 'undefined', 'NaN']) {
      for (const type of ['integer', 'number', 'boolean']) expectTable(type, account, [[word, undefined]])
      expectTable('string', account, [[word, '']])
    }
    for (const near of ['NULL', 'Null', 'nan', ' null', 'null ', 'nullable']) {
      expectTable('string', account, same(near))
      expectTable('integer', account, same(near))
    }
  })

  it('takes these words as what they are in the passport methods', () => {
    for (const word of ['null', 'undefined', 'NaN'])
      for (const type of ['integer', 'number', 'boolean', 'string']) expectTable(type, passport, same(word))
  })

  it('leaves the text where a contract declares no single type', () => {
    expect(compileCoercion({}, account)('12')).to.equal('12')
    expect(compileCoercion({ type: ['integer', 'string'] }, account)('12')).to.equal('12')
  })

  it('reads dates in every form of the wire and writes them in one, in the zone of the server', () => {
    const read = (text: string, format: 'date' | 'date-time') =>
      compileCoercion({ type: 'string', format }, account)(text)
    const day = '1971-01-01'
    for (const text of [day, '19710101', '1971/01/01', '1971/1/1', '1971-01-01 00:00:00', '31507200000']) {
      expect(read(text, 'date'), text).to.equal(day)
      expect(read(text, 'date-time'), text).to.equal('1971-01-01 00:00:00')
    }
    for (const text of ['2026-11-22 13:14:15', '20261122 13:14:15', '2026/11/22 13:14:15', '1795324455000'])
      expect(read(text, 'date-time'), text).to.equal('2026-11-22 13:14:15')
    expect(read('0050/1/2', 'date')).to.equal('0050-01-02')
    for (const nothing of ['', 'null', 'undefined', 'NaN']) expect(read(nothing, 'date')).to.equal(undefined)
    for (const text of ['2026-02-30', '2026-13-01', '1971-01-01 24:00:00', '22.11.2026', 'today', '12345'])
      expect(read(text, 'date'), text).to.equal(text)
  })
})
