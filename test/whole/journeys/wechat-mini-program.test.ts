import { expect } from 'chai'
import { dataOf } from '../../harness.js'
import { onEachDatabase } from '../../servers/databases.js'
import { startWechatScene } from './wechat-scene.js'
import { prepared } from '../../suite.js'

/** The shop's mini program: at its start it signs in without a question, and asks for the number when it needs it. */
onEachDatabase('the WeChat mini program', (database) => {
  let token = ''
  const scene = prepared(before, () => startWechatScene(database))
  after(() => scene.stop())

  const get = (path: string, fields: Record<string, string> = {}) => {
    const query = new URLSearchParams({ perm_key: token, ...fields }).toString()
    return scene.gateway.request(`/front/account/${path}?${query}`)
  }

  it('starts, asks for a number, and shows whose it is', async () => {
    const { wechat } = scene
    const person = wechat.addPerson({ nickname: '小程序用户', phone: { area: '86', number: '13912340001' } })
    const unknown = await get('wechat/checkAppLogin', { code: wechat.codeFor(person, 'mini') })
    expect(unknown.json).to.include({ status: 250, code: 0, msg: '请先登录' })

    const user_info = JSON.stringify({ nickName: person.nickname, avatarUrl: person.avatar })
    const started = await get('wechat/jsCode2Session', { code: wechat.codeFor(person, 'mini'), user_info })
    expect(started.json).to.include({ status: 200, code: 0 })
    const { user_id, ...session } = dataOf<{ token: string; user_id: number }>(started.json)
    token = session.token

    const phone = await get('wechat/getUserPhoneNumber', { code: wechat.phoneCodeFor(person) })
    expect(phone.json).to.include({ status: 200, code: 0 })
    expect(phone.json?.data).to.deep.include({ user_id })
    token = dataOf<{ token: string }>(phone.json).token

    const info = await get('user/info')
    expect(info.json?.data).to.deep.include({
      user_id,
      user_nickname: '小程序用户',
      user_mobile: '13912340001',
      user_intl: '+86',
    })
    token = ''
    const known = await get('wechat/checkAppLogin', { code: wechat.codeFor(person, 'mini') })
    expect(known.json?.data).to.deep.include({ user_id })
  })

  it('has the same user whom the official account knows, by the unionid', async () => {
    const { wechat } = scene
    const person = wechat.addPerson()
    const mini = await get('wechat/jsCode2Session', { code: wechat.codeFor(person, 'mini') })
    const page = await get('wechat/callbackMp', { code: wechat.codeFor(person, 'official'), state: 'H5' })
    const { user_id } = dataOf<{ user_id: number }>(mini.json)
    expect(page.json?.data).to.deep.include({ user_id })
  })
})
