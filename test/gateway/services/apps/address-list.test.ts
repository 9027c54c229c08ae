import { expect } from 'chai'
import { AddressList } from '../../../../gateway/services/apps/address-list.js'

describe('a list of addresses', () => {
  it('can not be made of what is none', () => {
    for (const text of ['nonsense', '10.0.0.1/33', '10.0.0.0/', '', 'example.com'])
      expect(() => new AddressList([text]), text).to.throw('neither an address nor a CIDR range')
  })

  it('has the addresses of its ranges, each time it is asked', () => {
    const list = new AddressList(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32'])
    for (const _ of [1, 2]) {
      for (const address of ['10.0.0.1', '10.255.255.255', '192.0.2.7', '2001:db8::1', '2001:DB8:0::2'])
        expect(list.has(address), address).to.equal(true)
      for (const address of ['11.0.0.1', '192.0.2.8', '2001:db9::1', '::1', '', 'nonsense', '10.0.0'])
        expect(list.has(address), address).to.equal(false)
    }
  })

  it('has them whatever else it was asked for meanwhile', () => {
    const list = new AddressList(['10.1.0.0/16'])
    const addresses = Array.from({ length: 3000 }, (_, at) => `10.${at % 3}.${at % 250}.${at % 101}`)
    for (const address of [...addresses, ...addresses])
      expect(list.has(address), address).to.equal(address.startsWith('10.1.'))
  })
})
