import { expect } from 'chai'
import { saveAdmin } from '../../../../db/admins.js'
import { storeCaptcha } from '../../../../methods/rules/codes/captchas.js'
import { cleanNickname, isVisible } from '../../../../methods/rules/profiles/nicknames.js'
import { done, fieldRefused, refusal } from '../../../answers.js'
import { dataOf } from '../../../harness.js'
import { withGateway } from '../../../suite.js'

const taken = refusal(0, '昵称已经存在，请更换！', 'NICKNAME_TAKEN')
const invisible = fieldRefused('昵称需包含可见字符')

describe('a nickname', () => {
  it('is stored without characters that nobody sees and without those that turn the direction', () => {
    for (const [text, clean] of [
      ['to\u200Bm', 'tom'],
      ['\u202Emot', 'mot'],
      ['\u2066tom\u2069', 'tom'],
      ['to\u00ADm\u2060', 'tom'],
      ['tom\u3164', 'tom'],
      ['tom\u{E0041}', 'tom'],
      ['  张三\u3000', '张三'],
      ['Zoe\u0308', 'Zoë'],
      ['👨\u200D👩\u200D👧', '👨\u200D👩\u200D👧'],
      ['❤\uFE0F\u200D🔥', '❤\uFE0F\u200D🔥'],
      ['1\uFE0F', '1'],
    ] as const)
      expect(cleanNickname(text), JSON.stringify(text)).to.equal(clean)
  })

  it('is something to see', () => {
    for (const text of ['a', '中', '7', '☺', '...']) expect(isVisible(text), text).to.equal(true)
    for (const text of ['', ' ', '\u2800\u2800', '\u0301', '\u00A0'])
      expect(isVisible(text), JSON.stringify(text)).to.equal(false)
  })
})

withGateway('nicknames that users choose', (gateway) => {
  async function choose(userNickname: string, uid?: number): Promise<string> {
    const token = await (uid === undefined
      ? await gateway.addUser()
      : { startSession: () => sessionOf(uid) }
    ).startSession()
    const body = new URLSearchParams({ user_nickname: userNickname })
    const init = { method: 'POST', body, headers: { Authorization: `Bearer ${token}` } }
    return (await gateway.request('/front/account/user/edit', init)).text
  }
  const sessionOf = (userId: number) =>
    gateway.services.sessions.start(gateway.db, { userId, generation: 0, app: 'web', ip: '127.0.0.1' })
  const nicknameOf = async (uid: number) =>
    (await gateway.db('account_user_info').where({ user_id: uid }).first())?.user_nickname

  it('are no look-alikes of the site’s names', async () => {
    for (const name of [
      '管理员',
      '管 理 员',
      '管\u200B理员',
      '客服',
      '【客服】',
      '客服01',
      '官方客服',
      '系统',
      '系統',
      'admin',
      'Admin_7',
      'аdmіn',
      'ＡＤＭＩＮ',
      'adm1n',
      'ádmin',
      'SYSTEM',
      'ѕуѕtеm',
      'support!',
    ])
      expect(await choose(name), name).to.equal(taken)
    for (const name of ['adminton', '系统工程师', '王管理', 'supporter 7', '12345', '张三'])
      expect(await choose(name), name).to.equal(done)
  })

  it('are no look-alikes of administrators, who may change their own', async () => {
    const { uid } = await gateway.addUser({ nickname: 'Alice Boss' })
    const role = await gateway.db('admin_user_role').first()
    await saveAdmin(gateway.db, { user_id: uid, user_role_id: role?.user_role_id ?? 1, user_admin_ctime: 0 })
    for (const name of ['alice boss', 'Аlice Воss', 'AliceBoss', 'A1ice Boss'])
      expect(await choose(name), name).to.equal(taken)
    expect(await choose('ALICE BOSS', uid)).to.equal(done)
  })

  it('are unique without what nobody sees, and are something to see', async () => {
    expect(await choose('unique name')).to.equal(done)
    expect(await choose('unique\u200B name')).to.equal(taken)
    for (const name of ['\u200B\u200B', '\u2800', '\u3164'])
      expect(await choose(name), JSON.stringify(name)).to.equal(invisible)
  })

  it('of imported users stay while they do not change them', async () => {
    const { uid } = await gateway.addUser({ nickname: '客服\u200B' })
    expect(await choose('客服\u200B', uid)).to.equal(done)
    expect(await nicknameOf(uid)).to.equal('客服\u200B')
  })

  it('are not made of a chosen account that looks like the site', async () => {
    const key = 'picture-key'
    await storeCaptcha(gateway.services, key, 'pict')
    const body = new URLSearchParams({
      bind_type: '3',
      user_account: 'admin',
      password: 'a password',
      verify_key: key,
      verify_code: 'pict',
    })
    const { json } = await gateway.request('/front/account/login/register', { method: 'POST', body })
    const { user_id: uid } = dataOf<{ user_id: number }>(json)
    expect(await nicknameOf(uid)).to.match(/^用户/)
  })
})
