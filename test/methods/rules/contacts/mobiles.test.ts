import { expect } from 'chai'
import examples from 'libphonenumber-js/mobile/examples'
import { getCountries, getExampleNumber } from 'libphonenumber-js/max'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { readMobile } from '../../../../methods/rules/contacts/account-mobiles.js'
import {
  fromColumns,
  parseMobile,
  toE164,
  toPassportForm,
} from '../../../../methods/rules/contacts/mobiles.js'

/** `area number`, or the name of the error. */
function read(text: string, area?: string): string {
  try {
    const mobile = parseMobile(text, area)
    return `${mobile.area} ${mobile.number}`
  } catch (error) {
    return error instanceof GatewayError ? error.key : String(error)
  }
}

const malformed = 'MOBILE_FORM'

describe('mobile numbers', () => {
  it('belong to area 86 when no area is given', () => {
    expect(read('13912345678')).to.equal('86 13912345678')
    expect(read('13912345678', '')).to.equal('86 13912345678')
    expect(read('13912345678', ' ')).to.equal('86 13912345678')
    expect(read('13912345678', '86')).to.equal('86 13912345678')
  })

  it('of area 86 are 1, 3 to 9, and nine digits', () => {
    for (const second of '3456789') expect(read(`1${second}012345678`)).to.equal(`86 1${second}012345678`)
    for (const second of '012') expect(read(`1${second}012345678`)).to.equal(malformed)
    for (const text of ['', '1391234567', '139123456789', '23912345678', '1391234567x', '139 1234 5678'])
      expect(read(text), text).to.equal(malformed)
    expect(read('１３９１２３４５６７８'), 'full-width digits').to.equal(malformed)
  })

  it('of the areas in real use fit the national pattern', () => {
    const real = {
      852: '51234567',
      853: '66123456',
      886: '912345678',
      65: '81234567',
      60: '123456789',
      1: '2015550123',
      82: '1012345678',
      44: '7400123456',
      81: '9012345678',
      61: '412345678',
    }
    for (const [area, number] of Object.entries(real)) {
      expect(read(number, area)).to.equal(`${area} ${number}`)
      expect(read(`${number}12345`, area), `${area}, too long`).to.equal(malformed)
      expect(read(number.slice(0, 4), area), `${area}, too short`).to.equal(malformed)
      expect(read(`${number.slice(0, -1)}x`, area), `${area}, a letter`).to.equal(malformed)
    }
    expect(read('13912345678', '852')).to.equal(malformed)
    expect(read('1015550123', '1'), 'no such area code').to.equal(malformed)
  })

  it('may keep the zero that is dialled at home, and are one number with and without it', () => {
    for (const [area, number] of Object.entries({
      886: '912345678',
      82: '1012345678',
      81: '9012345678',
      61: '412345678',
    }))
      expect(read(`0${number}`, area)).to.equal(`${area} ${number}`)
  })

  it('of unknown areas are digits only', () => {
    expect(read('1234567', '999')).to.equal('999 1234567')
    expect(read('0123456', '999')).to.equal('999 0123456')
    for (const text of ['123456x', '12 3456', '+123456', ''])
      expect(read(text, '999'), text).to.equal(malformed)
  })

  it('need an area of digits', () => {
    for (const area of ['x', '8x', '8 6', '+', '0', '86,852', '00086', '123456'])
      expect(read('13912345678', area), area).to.equal(malformed)
  })

  it('that hold one "-" are split there, and the first part replaces the area', () => {
    expect(read('852-51234567')).to.equal('852 51234567')
    expect(read('852-51234567', '86')).to.equal('852 51234567')
    expect(read('86-13912345678', '852')).to.equal('86 13912345678')
    expect(read('999-1234567')).to.equal('999 1234567')
    for (const text of ['852-5123-4567', '852-', '13912-345678', '852--51234567'])
      expect(read(text), text).to.equal(malformed)
  })

  it('may have a "+" before the area, also one that arrived as a space', () => {
    expect(read('13912345678', '+86')).to.equal('86 13912345678')
    expect(read('51234567', '+852')).to.equal('852 51234567')
    expect(read('51234567', ' 852')).to.equal('852 51234567')
    expect(read('+852-51234567')).to.equal('852 51234567')
    expect(read(' 852-51234567')).to.equal('852 51234567')
    expect(read(' 13912345678 ')).to.equal('86 13912345678')
  })

  it('say what they want in the error’s detail, but not what was sent', () => {
    expect(() => parseMobile('4711'))
      .to.throw(GatewayError, 'mobile')
      .that.satisfies((error: GatewayError) => !error.message.includes('4711'))
  })
})

describe('the forms of a mobile number', () => {
  const mainland = { area: '86', number: '13912345678' }
  const hongKong = { area: '852', number: '51234567' }

  it('are E.164 for owning, sending and counting', () => {
    expect([mainland, hongKong].map(toE164)).to.deep.equal(['+8613912345678', '+85251234567'])
  })

  it('are bare for the mainland and area-number else for passport clients', () => {
    expect([mainland, hongKong].map(toPassportForm)).to.deep.equal(['13912345678', '852-51234567'])
    expect(toPassportForm({ area: '852', number: '' })).to.equal('')
  })

  it('are read from the columns of the user table, a missing row and old dumps included', () => {
    expect(fromColumns('+852', '51234567')).to.deep.equal(hongKong)
    expect(fromColumns('852', '51234567')).to.deep.equal(hongKong)
    expect(fromColumns('', '13912345678')).to.deep.equal(mainland)
    expect(fromColumns(null, null)).to.deep.equal({ area: '86', number: '' })
  })

  it('are read from the form in which they are owned as themselves, in every country', () => {
    for (const country of getCountries()) {
      const example = getExampleNumber(country, examples)?.number ?? ''
      const mobile = readMobile(example)
      if (mobile) expect(readMobile(toE164(mobile)), country).to.deep.equal(mobile)
    }
    expect(readMobile('8613912345678')).to.deep.equal(readMobile(toE164(mainland)))
  })
})
