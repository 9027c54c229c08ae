import { expect } from 'chai'
import { addressesOf, isTextedCode } from '../../../../gateway/move/shadow/sent-codes.js'
import type { ReadCall } from '../../../../gateway/move/record/files.js'

const call = (query: string): ReadCall => ({
  at: 0,
  moment: 0,
  took: 1,
  method: 'web.passport.checkcode',
  app: 'h5',
  owners: [],
  verb: 'GET',
  url: `/gateway?${query}`,
  keepsSignature: true,
  headers: {},
  answer: { status: 200, headers: {}, body: { text: '' } },
})

describe('Where the code in a call was sent to', () => {
  it('is the number or the address in the call, as an outbox has it', () => {
    expect(addressesOf(call('code=1234&mobile=13912345678&area=86'))).to.deep.equal(['+8613912345678'])
    expect(addressesOf(call('code=1234&mobile=91234567&area=852'))).to.deep.equal(['+85291234567'])
    expect(addressesOf(call('verify_code=1234&verify_key=%2B8613912345678'))).to.deep.equal([
      '+8613912345678',
    ])
    expect(addressesOf(call('code=1234&email=a@example.com'))).to.deep.equal(['a@example.com'])
  })

  it('is nowhere without a code, and where a picture shows it', () => {
    expect(addressesOf(call('mobile=13912345678'))).to.deep.equal([])
    expect(addressesOf(call('captcha=ab12&mobile=13912345678'))).to.deep.equal([])
    expect([isTextedCode('sms_code'), isTextedCode('pic_code'), isTextedCode('captcha')]).to.deep.equal([
      true,
      false,
      false,
    ])
  })

  it('is asked for at a few places at most', () => {
    const many = Array.from(
      { length: 50 },
      (_, place) => `n${place}=139123456${String(place).padStart(2, '0')}`,
    )
    expect(addressesOf(call(`code=1234&${many.join('&')}`))).to.have.length(4)
  })
})
