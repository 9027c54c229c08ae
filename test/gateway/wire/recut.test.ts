import { expect } from 'chai'
import { findRecut } from '../../../gateway/wire/recut.js'

const declared = new Set(['uid', 'newPassword', 'callback', 'full_address'])

describe('a call whose legacy text can be read as another', () => {
  const found = (params: Record<string, string>, names = declared) => findRecut(params, names)

  it('is one with a declared parameter, or one of every call, inside a value', () => {
    for (const name of ['method', 'uid', 'client_type', 'app_key', 'session_key', 'access_token', 'perm_key'])
      expect(found({ full_address: `x&${name}=1` }, new Set()), name).to.equal(name)
    expect(found({ full_address: 'x&newPassword=1' })).to.equal('newPassword')
    expect(found({ unknown: 'x&a=1&&newPassword=1&b' })).to.equal('newPassword')
    expect(found({ z: '&uid=5' })).to.equal('uid')
    expect(found({ z: '& uid=5' })).to.equal('uid')
    expect(found({ z: 'x&like[0].column=user_id' })).to.equal('like[0].column')
  })

  it('is one that hides a parameter in a name, or by a blank that the text leaves out', () => {
    expect(found({ 'a=1&uid': '5' })).to.equal('uid')
    expect(found({ 'uid=5&a': '1' })).to.equal('uid')
    expect(found({ 'uid=5': '' })).to.equal('uid')
    expect(found({ ' uid': '5' })).to.equal('uid')
    expect(found({ '\tuid': '5' })).to.equal('uid')
  })

  it('is none of the calls that honest clients send', () => {
    const honest = [
      { uid: '5', full_address: 'A&B, 1=1' },
      { full_address: 'R&D & uid, a=b' },
      { full_address: 'x&other=1&uid' },
      { full_address: 'https://a.example/?uid=5&page=2' },
      { full_address: 'x&amp;uid=5' },
      { 'new[]': '1', '/api': '', '': '' },
      { callback: 'http://www.example.com/?a=1&uid=5&method=b' },
    ]
    for (const params of honest) expect(found(params), JSON.stringify(params)).to.equal(undefined)
  })

  it('looks away from what is not signed, and from a callback only where the method has one', () => {
    expect(
      found({ q: 'x&uid=5', debug_data: 'x&uid=5', client_secret: '&uid=5', private_key: '&uid=5' }),
    ).to.equal(undefined)
    expect(found({ callback: 'x&uid=5' }, new Set(['uid']))).to.equal('uid')
  })
})
