import { expect } from 'chai'
import { decryptUserData } from '../../../../../gateway/services/wechat/user-data-crypto.js'
import { doneWith, refusal, signedInAs, wechatCodeEmpty, wechatFailed } from '../../../../answers.js'
import { onEachDatabase } from '../../../../servers/databases.js'
import { wechatApps } from '../../../../servers/wechat/wechat.js'
import { signedIn, wechatShop } from './wechat-shop.js'

onEachDatabase('front.account.wechat.jsCode2Session', (database) => {
  const shop = wechatShop(database)
  const codeOf = (person: Parameters<typeof shop.wechat.codeFor>[0]) => shop.wechat.codeFor(person, 'mini')
  const infoOf = (user_id: number) => shop.gateway.db('account_user_info').where({ user_id }).first()

  it('registers the user of a mini program, and signs the user in the next time', async () => {
    const person = shop.wechat.addPerson()
    const user_info = JSON.stringify({ nickName: '小程序用户', avatarUrl: 'https://a.example/1.png' })
    const answer = await shop.ask('jsCode2Session', { code: codeOf(person), user_info })
    const { token, user_id } = signedIn(answer)
    expect(answer.text).to.equal(signedInAs(token, user_id))
    expect(await infoOf(user_id)).to.include({
      user_nickname: '小程序用户',
      user_avatar: 'https://a.example/1.png',
      user_from: 2314,
    })
    expect(await shop.bindingsOf(user_id)).to.deep.equal([[15, person.openid.mini]])
    const again = await shop.gateway.call('front.account.wechat.jsCode2Session', { code: codeOf(person) })
    expect(again.json?.data).to.include({ user_id })
  })

  it('reads what is encrypted, also percent-encoded once too often, before what is not', async () => {
    for (const encode of [String, encodeURIComponent, (text: string) => text.replaceAll('+', ' ')]) {
      const person = shop.wechat.addPerson({ nickname: '加密的名字' + encode.name })
      const code = codeOf(person)
      const { encryptedData, iv } = shop.wechat.userDataOf(person)
      const sent = {
        encryptedData: encode(encryptedData),
        iv: encode(iv),
        user_info: '{"nickName":"another"}',
      }
      const { user_id } = signedIn(await shop.ask('jsCode2Session', { code, ...sent }))
      expect(await infoOf(user_id)).to.include({ user_nickname: person.nickname, user_avatar: person.avatar })
    }
  })

  it('knows by the unionid that WeChat says whom another application has brought', async () => {
    const person = shop.wechat.addPerson()
    const first = signedIn(await shop.ask('callbackMp', { code: shop.wechat.codeFor(person, 'official') }))
    const again = signedIn(await shop.ask('jsCode2Session', { code: codeOf(person) }))
    expect(again.user_id).to.equal(first.user_id)
  })

  it('takes nobody for another by encrypted data that was rewritten without its key', async () => {
    const victim = shop.wechat.addPerson()
    const { user_id } = signedIn(
      await shop.ask('callbackMp', { code: shop.wechat.codeFor(victim, 'official') }),
    )
    const wanted = `{"unionId":"${victim.unionid}`
    // The nickname is the attacker's own: the rest of the wanted text is put at the beginning of a block.
    const before = `{"openId":"${victim.openid.mini}","nickName":"`.length
    const filling = 'x'.repeat(2 * blockBytes - (before % blockBytes))
    const nickname = filling + wanted.slice(blockBytes)
    const attacker = shop.wechat.addPerson({ unionid: false, nickname })
    const code = codeOf(attacker)
    const { encryptedData, iv } = shop.wechat.userDataOf(attacker)
    const plain = `{"openId":"${attacker.openid.mini}","nickName":"${filling}`
    const forged = rewriteStart({ encryptedData, iv, plain }, wanted.slice(0, blockBytes))
    const sessionKey = shop.wechat.sessionKeyOf(attacker)
    expect(decryptUserData({ ...forged, sessionKey })).to.include({
      unionId: victim.unionid,
    })
    const { user_id: own } = signedIn(await shop.ask('jsCode2Session', { code, ...forged }))
    expect(own).to.not.equal(user_id)
    expect(await shop.bindingsOf(own)).to.deep.equal([[15, attacker.openid.mini]])
    expect(await shop.bindingsOf(user_id)).to.deep.equal([[13, victim.openid.official]])
  })

  it('refuses nobody because another has called too often', async () => {
    shop.wechat.refuse('/sns/jscode2session', 45011, 5)
    const hasty = shop.wechat.addPerson()
    for (let n = 0; n < 5; n++)
      expect((await shop.ask('jsCode2Session', { code: codeOf(hasty) })).text).to.equal(wechatFailed)
    signedIn(await shop.ask('jsCode2Session', { code: codeOf(shop.wechat.addPerson()) }))
  })

  it('refuses the encrypted data of another program and another user', async () => {
    const person = shop.wechat.addPerson()
    const changes = [
      { watermark: { timestamp: 1, appid: wechatApps.official.appId } },
      { watermark: undefined },
      { openId: shop.wechat.addPerson().openid.mini },
    ]
    for (const change of changes) {
      const code = codeOf(person)
      const { encryptedData, iv } = shop.wechat.userDataOf(person, change)
      expect((await shop.ask('jsCode2Session', { code, encryptedData, iv })).text).to.equal(wechatFailed)
    }
    expect(await shop.gateway.db('user_identity').where({ value: person.unionid ?? '' })).to.deep.equal([])
  })

  it('passes over encrypted data that can’t be read, as of an earlier session’s key: the code says who it is', async () => {
    const sent = (person: Parameters<typeof codeOf>[0]) => {
      const { encryptedData, iv } = (codeOf(person), shop.wechat.userDataOf(person))
      return [
        { encryptedData, iv },
        { encryptedData: 'AAAA', iv: 'AAAA' },
        { encryptedData: '%zz', iv: '%' },
      ]
    }
    const known = shop.wechat.addPerson()
    const { user_id } = signedIn(await shop.ask('jsCode2Session', { code: codeOf(known) }))
    for (const data of sent(known))
      expect(signedIn(await shop.ask('jsCode2Session', { code: codeOf(known), ...data })).user_id).to.equal(
        user_id,
      )
    const person = shop.wechat.addPerson()
    const [stale = { encryptedData: '', iv: '' }] = sent(person)
    const user_info = '{"nickName":"小程序里的名字"}'
    const added = signedIn(await shop.ask('jsCode2Session', { code: codeOf(person), ...stale, user_info }))
    expect(await infoOf(added.user_id)).to.include({ user_nickname: '小程序里的名字' })
  })

  it('ignores user_info that is no JSON, or says nothing of use', async () => {
    for (const user_info of ['undefined', '{', '[]', 'null', '"x"', '{"nickName":1,"avatarUrl":{}}']) {
      const { user_id } = signedIn(
        await shop.ask('jsCode2Session', { code: codeOf(shop.wechat.addPerson()), user_info }),
      )
      expect((await infoOf(user_id))?.user_nickname, user_info).to.match(/^用户/)
    }
  })

  it('refuses a code that is missing, used, or of another application', async () => {
    expect((await shop.ask('jsCode2Session')).text).to.equal(wechatCodeEmpty)
    expect((await shop.ask('jsCode2Session', { code: 'undefined' })).text).to.equal(wechatCodeEmpty)
    const code = codeOf(shop.wechat.addPerson())
    signedIn(await shop.ask('jsCode2Session', { code }))
    expect((await shop.ask('jsCode2Session', { code })).text).to.equal(wechatFailed)
    const official = shop.wechat.codeFor(shop.wechat.addPerson(), 'official')
    expect((await shop.ask('jsCode2Session', { code: official })).text).to.equal(wechatFailed)
  })
})

const blockBytes = 16

interface KnownData {
  readonly encryptedData: string
  readonly iv: string
  /** How the data begins, up to the end of the block that is to be rewritten. */
  readonly plain: string
}

/** Data that begins with other 16 bytes in place of `plain`, made without the key: the IV is what a block is XORed with. */
function rewriteStart({ encryptedData, iv, plain }: KnownData, start: string) {
  const blocks = Buffer.concat([Buffer.from(iv, 'base64'), Buffer.from(encryptedData, 'base64')])
  const from = plain.length - blockBytes
  const known = Buffer.from(plain.slice(from))
  const wanted = Buffer.from(start)
  const newIv = blocks
    .subarray(from, plain.length)
    .map((byte, at) => byte ^ (known[at] ?? 0) ^ (wanted[at] ?? 0))
  return {
    iv: Buffer.from(newIv).toString('base64'),
    encryptedData: blocks.subarray(plain.length).toString('base64'),
  }
}

onEachDatabase('the mini program’s methods without a mini program', (database) => {
  const shop = wechatShop(database, { WECHAT_MINI_APP_ID: undefined, WECHAT_MINI_SECRET: undefined })

  it('say that it is off', async () => {
    const off = refusal(0, '小程序功能未启用', 'WECHAT_OFF')
    const token = await (await shop.gateway.addUser()).startSession()
    for (const method of ['jsCode2Session', 'checkAppLogin'])
      expect((await shop.ask(method, { code: 'x' })).text, method).to.equal(off)
    expect((await shop.ask('getUserPhoneNumber', { code: 'x' }, token)).text).to.equal(off)
  })

  it('tell an openid by the official account', async () => {
    const person = shop.wechat.addPerson()
    const code = shop.wechat.codeFor(person, 'official', 'snsapi_base')
    const { text } = await shop.ask('getOpenIdByCode', { code })
    expect(text).to.equal(doneWith(`{"openid":"${person.openid.official}"}`))
  })
})
