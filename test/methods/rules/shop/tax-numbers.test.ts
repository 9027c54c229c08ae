import { expect } from 'chai'
import { readTaxNumber } from '../../../../methods/rules/shop/tax-numbers.js'

describe('a tax number', () => {
  it('is 15 to 20 digits and letters, trimmed and in capitals', () => {
    expect(readTaxNumber(' 91350100m000100y43\t', true)).to.equal('91350100M000100Y43')
    for (const number of ['1'.repeat(15), 'A'.repeat(20)])
      expect(readTaxNumber(number, true)).to.equal(number)
    for (const nothing of ['', ' ']) expect(readTaxNumber(nothing, true)).to.equal('')
  })

  it('is refused in any other form', () => {
    for (const number of [
      '1'.repeat(14),
      '1'.repeat(21),
      '91350100 M000100Y43',
      'ﬁ'.repeat(15),
      '９'.repeat(18),
    ])
      expect(() => readTaxNumber(number, false), number).to.throw('TAX_NUMBER_WRONG')
  })

  it('has the check character of GB 32100 when it has 18 and that is asked for', () => {
    const right = '91350100M000100Y43'
    for (const last of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
      const number = right.slice(0, -1) + last
      expect(readTaxNumber(number, false)).to.equal(number)
      if (last === '3') expect(readTaxNumber(number, true)).to.equal(number)
      else expect(() => readTaxNumber(number, true), last).to.throw('TAX_NUMBER_WRONG')
    }
  })

  it('notices each changed character, and letters that such a code never has', () => {
    const right = '91350100M000100Y43'
    for (let at = 0; at < right.length; at++) {
      const changed = right[at] === '7' ? '8' : '7'
      const number = right.slice(0, at) + changed + right.slice(at + 1)
      expect(() => readTaxNumber(number, true), number).to.throw('TAX_NUMBER_WRONG')
    }
    for (const letter of 'IOSVZ')
      expect(() => readTaxNumber(`${letter}1350100M000100Y43`, true), letter).to.throw('TAX_NUMBER_WRONG')
  })
})
