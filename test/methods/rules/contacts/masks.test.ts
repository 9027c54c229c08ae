import { expect } from 'chai'
import { maskNumber, maskProfileName } from '../../../../methods/rules/contacts/masks.js'

describe('the mask of a number', () => {
  it('leaves the first three and the last four of eleven digits', () => {
    expect(maskNumber('13912345678')).to.equal('139****5678')
    expect(maskNumber('01012345678')).to.equal('010****5678')
  })

  it('leaves the area and up to three digits after the dash, and what follows four hidden ones', () => {
    expect(maskNumber('852-51234567')).to.equal('852-512****7')
    expect(maskNumber('886-912345678')).to.equal('886-912****78')
    expect(maskNumber('1-2015550123')).to.equal('1-201****123')
  })

  it('hides all but three digits of a short number', () => {
    expect(maskNumber('999-12345')).to.equal('999-123****')
    expect(maskNumber('999-1234567')).to.equal('999-123****')
    expect(maskNumber('999-12')).to.equal('999-12****')
  })

  it('leaves nothing as nothing', () => {
    expect(maskNumber('')).to.equal('')
    expect(maskNumber('852-')).to.equal('852-')
  })
})

describe('the mask of a profile name', () => {
  it('leaves the first two and the last five digits of a mobile number', () => {
    expect(maskProfileName('18712359670')).to.equal('18****59670')
  })

  it('leaves every other name as it is', () => {
    for (const name of ['', '张三', '1871235967', '12012345678', '852-51234567', 'a18712359670'])
      expect(maskProfileName(name)).to.equal(name)
  })
})
