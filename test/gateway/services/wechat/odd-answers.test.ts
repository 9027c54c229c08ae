import { expect } from 'chai'
import { createMiniProgram } from '../../../../gateway/services/wechat/mini-program.js'
import { readProfile } from '../../../../gateway/services/wechat/oauth.js'
import type { TokenParts } from '../../../../gateway/services/wechat/shared-token.js'
import type { WechatAnswer, WechatClient } from '../../../../gateway/services/wechat/client.js'
import { detailOf } from './failures.js'
import { withGateway } from '../../../suite.js'

const account = { appId: 'wx1111222233334444', secret: 'secret' }

/** A client that gets these answers, by path. */
function answering(way: WechatClient['way'], answers: Readonly<Record<string, WechatAnswer>>): WechatClient {
  return { way, isResting: () => false, call: ({ path }) => Promise.resolve(answers[path] ?? {}) }
}

describe('odd answers to a sign-in by WeChat', () => {
  const grant = { openid: 'o1', access_token: 't1', scope: 'snsapi_userinfo' }
  const profileOf = (granted: object, person: object = {}) =>
    readProfile(
      answering('official', {
        '/sns/oauth2/access_token': { ...grant, ...granted },
        '/sns/userinfo': { openid: 'o1', nickname: '小明', ...person },
      }),
      account,
      'code',
    )

  it('let nobody in', async () => {
    expect(await detailOf(profileOf({ openid: '' }))).to.equal('official: an answer without openid')
    expect(await detailOf(profileOf({ openid: 7 }))).to.equal('official: an answer without openid')
    expect(await detailOf(profileOf({ access_token: null }))).to.equal(
      'official: an answer without access_token',
    )
    expect(await detailOf(profileOf({}, { openid: 'o2' }))).to.equal('official: the profile of somebody else')
  })

  it('let nobody in by an id that is none', async () => {
    for (const id of ['o 1', 'o\n1', 'o1\u0000', '小明', 'o'.repeat(101)]) {
      expect(await detailOf(profileOf({ openid: id }))).to.equal('official: an answer without a good openid')
      for (const answer of [profileOf({ unionid: id }), profileOf({}, { unionid: id })])
        expect(await detailOf(answer)).to.equal('official: an answer without a good unionid')
    }
    expect(await detailOf(profileOf({ unionid: 7 }))).to.equal('official: an answer without a good unionid')
    const long = 'o'.repeat(100)
    expect(await profileOf({ openid: long, scope: 'snsapi_base' })).to.include({ openid: long })
  })

  it('let nobody in whom WeChat made up for the snapshot of a page', async () => {
    for (const is_snapshotuser of [1, '1'])
      expect(await detailOf(profileOf({ is_snapshotuser }))).to.match(/snapshot/)
    expect(await profileOf({ is_snapshotuser: '0' })).to.include({ openid: 'o1' })
  })

  it('do no harm where only the profile is odd', async () => {
    const bare = { openid: 'o1', nickname: '', avatar: '' }
    expect(await profileOf({}, { nickname: 7, headimgurl: null, unionid: '' })).to.deep.equal(bare)
    expect(await profileOf({ scope: 'snsapi_base', unionid: 'u1' })).to.deep.equal({ ...bare, unionid: 'u1' })
    expect(await profileOf({ scope: undefined })).to.deep.equal(bare)
  })
})

withGateway('odd answers to a mini program', (gateway) => {
  const phoneOf = (info: object, expires: unknown = 7200) => {
    const parts: TokenParts = gateway.services
    const whole = { countryCode: 86, purePhoneNumber: '13912345678', watermark: { appid: account.appId } }
    const client = answering('mini', {
      '/cgi-bin/stable_token': { access_token: 'a1', expires_in: expires },
      '/wxa/business/getuserphonenumber': { phone_info: { ...whole, ...info } },
    })
    return createMiniProgram(account, client, parts).readPhone('code')
  }

  it('are no tokens without a time', async () => {
    for (const expires of [null, '', '2h', '0', '-7200', -1, 0, 0.5, 86_401, 1e300]) {
      expect(await detailOf(phoneOf({}, expires)), String(expires)).to.equal(
        'mini: an answer without a good expires_in',
      )
      gateway.clock.advance(10_000)
    }
  })

  it('are read where numbers are texts, or the other way round', async () => {
    expect(await phoneOf({ purePhoneNumber: 13912345678, countryCode: '86' }, '7200')).to.deep.equal({
      area: '86',
      number: '13912345678',
    })
  })

  it('are no numbers', async () => {
    expect(await detailOf(phoneOf({ purePhoneNumber: undefined }))).to.equal('mini: no phone number')

    expect(await phoneOf({})).to.deep.equal({ area: '86', number: '13912345678' })
    expect(await detailOf(phoneOf({ purePhoneNumber: '139 1234' }))).to.equal('mini: no phone number')
    expect(await detailOf(phoneOf({ countryCode: '+86' }))).to.equal('mini: no phone number')
    expect(await detailOf(phoneOf({ watermark: { appid: 'wx2' } }))).to.equal(
      'mini: a number for another application',
    )
    expect(await detailOf(phoneOf({ watermark: undefined }))).to.equal('mini: an answer without watermark')
  })
})
