import { expect } from 'chai'
import { limitKey } from '../../../../gateway/services/limits/limit-key.js'

describe('what limits per address count by', () => {
  it('is an IPv4 address as it is', () => {
    expect(limitKey('203.0.113.7')).to.equal('203.0.113.7')
    expect(limitKey('')).to.equal('')
  })

  it('is the network of 64 bits of an IPv6 address, however it is written', () => {
    const network = '2001:db8:0:0::/64'
    for (const ip of [
      '2001:db8::1',
      '2001:db8::2',
      '2001:db8:0:0:1:2:3:4',
      '2001:0DB8:0000::ffff',
      '2001:db8::1:2:3:4',
    ])
      expect(limitKey(ip), ip).to.equal(network)
    expect(limitKey('2001:db8:0:1::1')).to.equal('2001:db8:0:1::/64')
    expect(limitKey('::1')).to.equal('0:0:0:0::/64')
    expect(limitKey('fe80::')).to.equal('fe80:0:0:0::/64')
  })
})
