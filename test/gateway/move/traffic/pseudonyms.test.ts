import { expect } from 'chai'
import { createPseudonyms } from '../../../../gateway/move/traffic/pseudonyms.js'

describe('Pseudonyms of a record', () => {
  const pseudonym = createPseudonyms(Buffer.alloc(32, 1))

  it('keep the form of what they stand for', () => {
    const forms: readonly (readonly [string, RegExp])[] = [
      ['13912345678', /^1[3-9]\d{9}$/],
      ['+8613912345678', /^\+861[3-9]\d{9}$/],
      ['86-13912345678', /^86-1[3-9]\d{9}$/],
      ['852-91234567', /^\d{3}-\d{8}$/],
      ['wang.hong@163.com', /^[a-z]{4}\.[a-z]{4}@[0-9a-f]{8}\.example$/],
      ['6030455', /^[1-9]\d{6}$/],
      ['0451', /^\d{4}$/],
      ['203.0.113.7', /^10\.\d{1,3}\.\d{1,3}\.\d{1,3}$/],
      ['d41d8cd98f00b204e9800998ecf8427e', /^[0-9a-f]{32}$/],
      ['eyJhbGciOi.eyJzdWIi-_.Zq8LmW3x', /^[A-Za-z0-9]{10}\.[A-Za-z]{8}-_\.[A-Za-z0-9]{8}$/],
      [
        '上海市/徐汇区 漕溪北路88号',
        /^[\u4e00-\u4fff]{3}\/[\u4e00-\u4fff]{3} [\u4e00-\u4fff]{4}\d\d[\u4e00-\u4fff]$/,
      ],
      ['139****5678', /^\d{3}\*{4}\d{4}$/],
    ]
    for (const [value, form] of forms) {
      expect(pseudonym(value)).to.match(form).and.not.equal(value)
      expect(pseudonym(value)).to.have.length(
        value.includes('@') || value.includes('.0.') ? pseudonym(value).length : value.length,
      )
    }
  })

  it('are equal for equal values, whatever stands before a number', () => {
    expect(pseudonym('13912345678')).to.equal(pseudonym('13912345678'))
    expect(pseudonym('+8613912345678')).to.equal(`+86${pseudonym('13912345678')}`)
    expect(createPseudonyms(Buffer.alloc(32, 1))('secret')).to.equal(pseudonym('secret'))
  })

  it('differ for other values and other keys', () => {
    const others = Array.from({ length: 2000 }, (_, at) => pseudonym(String(13_900_000_000 + at)))
    expect(new Set(others).size).to.equal(2000)
    expect(createPseudonyms(Buffer.alloc(32, 2))('secret-word')).not.to.equal(pseudonym('secret-word'))
  })
})
