import { expect } from 'chai'
import type { IncomingMessage } from 'node:http'
import { createClientAddress, socketAddress } from '../../../gateway/http/client-address.js'

const request = (remoteAddress: string | undefined, headers: Record<string, string> = {}) =>
  ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage

describe("the caller's address", () => {
  it('is that of the socket, IPv4 written as IPv4', () => {
    expect(socketAddress(request('203.0.113.7'))).to.equal('203.0.113.7')
    expect(socketAddress(request('::ffff:203.0.113.7'))).to.equal('203.0.113.7')
    expect(socketAddress(request('2001:db8::1'))).to.equal('2001:db8::1')
    expect(socketAddress(request(undefined))).to.equal('')
  })

  it('is not what headers say where no proxy is trusted, or another one', () => {
    const headers = { 'x-real-ip': '1.1.1.1', 'x-forwarded-for': '2.2.2.2', forwarded: 'for=3.3.3.3' }
    expect(createClientAddress([])(request('127.0.0.1', headers))).to.equal('127.0.0.1')
    expect(createClientAddress(['10.0.0.0/8'])(request('11.0.0.1', headers))).to.equal('11.0.0.1')
    expect(createClientAddress(['10.0.0.0/8'])(request(undefined, headers))).to.equal('')
  })

  describe('behind trusted proxies', () => {
    const addressOf = createClientAddress(['10.0.0.0/8', '127.0.0.1', '2001:db8:1::/48'])
    const from = (headers: Record<string, string>, socket = '10.0.0.1') => addressOf(request(socket, headers))

    it('is the last of X-Forwarded-For that is no proxy, else X-Real-IP', () => {
      expect(from({ 'x-real-ip': ' 203.0.113.7 ' })).to.equal('203.0.113.7')
      expect(from({ 'x-forwarded-for': '203.0.113.7' })).to.equal('203.0.113.7')
      expect(from({ 'x-real-ip': '203.0.113.7', 'x-forwarded-for': '203.0.113.8' })).to.equal('203.0.113.8')
      expect(from({ 'x-forwarded-for': '203.0.113.7, 10.0.0.2,10.0.0.3' })).to.equal('203.0.113.7')
    })

    it('is not what the caller has put in front of X-Forwarded-For', () => {
      expect(from({ 'x-forwarded-for': '1.1.1.1, 203.0.113.7' })).to.equal('203.0.113.7')
      expect(from({ 'x-forwarded-for': '10.0.0.9, 203.0.113.7, 10.0.0.2' })).to.equal('203.0.113.7')
    })

    it('is found by X-Forwarded-For when X-Real-IP names another proxy', () => {
      const headers = { 'x-real-ip': '10.0.0.2', 'x-forwarded-for': '203.0.113.7, 10.0.0.2' }
      expect(from(headers)).to.equal('203.0.113.7')
      expect(from({ 'x-real-ip': '10.0.0.2' })).to.equal('10.0.0.2')
    })

    it('may be IPv6, and IPv4 written as IPv6', () => {
      expect(from({ 'x-real-ip': '2001:db8:2::7' })).to.equal('2001:db8:2::7')
      expect(from({ 'x-forwarded-for': '::ffff:203.0.113.7' })).to.equal('203.0.113.7')
      expect(from({ 'x-real-ip': '203.0.113.7' }, '::ffff:10.0.0.1')).to.equal('203.0.113.7')
      expect(from({ 'x-real-ip': '203.0.113.7' }, '2001:db8:1::5')).to.equal('203.0.113.7')
    })

    // What nginx, HAProxy, Envoy, Azure's and Amazon's balancers, IIS and Traefik write.
    const forms = {
      '203.0.113.7': ['203.0.113.7:1234', '"203.0.113.7:1234"', '"203.0.113.7"', '[203.0.113.7]:80'],
      '2001:db8:2::7': [
        '[2001:db8:2::7]',
        '[2001:db8:2::7]:443',
        '"[2001:db8:2::7]:443"',
        '"2001:db8:2::7"',
        '2001:DB8:2::7',
        '2001:0db8:0002:0000:0000:0000:0000:0007',
        '[2001:db8:2::7%eth0]:443',
      ],
      '203.0.113.8': [
        '::ffff:203.0.113.8',
        '::FFFF:203.0.113.8',
        '::ffff:cb00:7108',
        '0:0:0:0:0:FFFF:203.0.113.8',
        '[::FFFF:203.0.113.8]:443',
      ],
    }
    for (const [address, texts] of Object.entries(forms))
      it(`is ${address} in every form that proxies write`, () => {
        for (const text of texts) {
          expect(from({ 'x-forwarded-for': text }), text).to.equal(address)
          expect(from({ 'x-forwarded-for': `1.1.1.1, ${text}, 10.0.0.2:5678` }), text).to.equal(address)
          expect(from({ 'x-real-ip': text }), text).to.equal(address)
        }
      })

    it('is found though a list has empty elements', () => {
      for (const text of ['203.0.113.7,', ', 203.0.113.7', '203.0.113.7, , 10.0.0.2'])
        expect(from({ 'x-forwarded-for': text }), text).to.equal('203.0.113.7')
    })

    it("is the proxy's own when the headers are missing or say no address", () => {
      expect(from({})).to.equal('10.0.0.1')
      const none = [
        '',
        'unknown',
        '_hidden',
        '1.1.1.1, nonsense',
        '10.0.0.5',
        '256.1.1.1',
        '203.0.113.7:x',
        '[203.0.113.7',
        '1.1.1.1 2.2.2.2',
        '203.0.113.07',
      ]
      for (const text of none) expect(from({ 'x-forwarded-for': text }), text).to.equal('10.0.0.1')
      expect(from({ 'x-real-ip': '1.1.1.1, 2.2.2.2' })).to.equal('10.0.0.1')
    })
  })
})
