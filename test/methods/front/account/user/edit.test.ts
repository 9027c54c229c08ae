import { expect } from 'chai'
import { done, paramRefusal, refusal } from '../../../../answers.js'
import type { TestUser } from '../../../../harness.js'
import { withGateway } from '../../../../suite.js'

const path = '/front/account/user/edit'
const taken = refusal(0, '昵称已经存在，请更换！', 'NICKNAME_TAKEN')

withGateway('front.account.user.edit', (gateway) => {
  before(() => gateway.clock.freeze(Date.UTC(2026, 0, 5, 8)))

  const edit = async (user: TestUser, params: Record<string, string>, verb: 'GET' | 'POST' = 'POST') => {
    const all = new URLSearchParams({ ...params, perm_key: await user.startSession() })
    return verb === 'GET'
      ? gateway.request(`${path}?${all.toString()}`)
      : gateway.request(path, { method: 'POST', body: all })
  }
  const infoOf = async (user: TestUser) => {
    const { json } = await gateway.request(`/front/account/user/info?perm_key=${await user.startSession()}`)
    return json?.data as Record<string, unknown>
  }
  const rowsOf = async (user: TestUser) => [
    await gateway.db('account_user_base').where({ user_id: user.uid }).first(),
    await gateway.db('account_user_info').where({ user_id: user.uid }).first(),
  ]

  it('changes what users write about themselves, in either spelling and by either verb', async () => {
    const user = await gateway.addUser({ nickname: 'before the edit' })
    const wanted = {
      userNickname: ' 小明 ',
      userAvatar: '/upload/a.png',
      userGender: '2',
      userBirthday: '19900203',
      userRealname: '张三',
      userSign: '你好',
      tagIds: '3,4',
    }
    expect((await edit(user, wanted)).text).to.equal(done)
    const changed = {
      user_nickname: '小明',
      user_avatar: 'http://passport.test/upload/a.png',
      user_gender: 2,
      user_birthday: '1990-02-03 00:00:00',
      user_realname: '张三',
      user_sign: '你好',
      tag_ids: '3,4',
    }
    expect(await infoOf(user)).to.include(changed)
    expect((await edit(user, { user_gender: '1', user_sign: 'null' }, 'GET')).text).to.equal(done)
    expect(await infoOf(user)).to.include({ ...changed, user_gender: 1, user_sign: '' })
  })

  it('is success when nothing is given, nothing changes, or a nickname is empty', async () => {
    const user = await gateway.addUser({ nickname: 'unchanged' })
    const before = await rowsOf(user)
    for (const params of [
      {},
      { userNickname: 'unchanged' },
      { userNickname: '  ' },
      { userBirthday: 'null' },
    ])
      expect((await edit(user, params)).text).to.equal(done)
    expect(await rowsOf(user)).to.deep.equal(before)
  })

  it('accepts and ignores everything else', async () => {
    const [user, other] = [await gateway.addUser({ mobile: '13700000010' }), await gateway.addUser()]
    const [before, untouched] = [await rowsOf(user), await rowsOf(other)]
    const fields = {
      user_id: String(other.uid),
      user_account: 'root',
      user_password: 'x',
      password: 'new password',
      user_salt: 'x',
      user_state: '2',
      user_level_id: '1003',
      user_is_authentication: '2',
      user_mobile: '13800000000',
      user_intl: '+1',
      user_email: 'evil@example.com',
      user_idcard: '11010519491231002X',
      user_idcard_images: '/x.png',
      user_new: '0',
      user_from: '2313',
      role_id: '1',
      session_generation: '9',
    }
    expect((await edit(user, fields)).text).to.equal(done)
    const camelCase = Object.entries(fields).map(([name, value]) => [
      name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ])
    expect((await edit(user, Object.fromEntries(camelCase))).text).to.equal(done)
    expect(await rowsOf(user)).to.deep.equal(before)
    expect(await rowsOf(other)).to.deep.equal(untouched)
    expect(await gateway.db('admin_user_admin').where({ user_id: user.uid })).to.deep.equal([])
  })

  it('refuses what does not fit, and then changes nothing', async () => {
    const user = await gateway.addUser()
    const before = await rowsOf(user)
    const refused: readonly [string, string][] = [
      ['user_nickname', '<b>'],
      ['user_nickname', 'a\nb'],
      ['user_nickname', '名'.repeat(51)],
      ['user_avatar', 'javascript:alert(1)'],
      ['user_avatar', 'JaVaScRiPt:alert(1)'],
      ['user_avatar', 'data:image/png;base64,AAAA'],
      ['user_avatar', '//evil.example.com/a.png'],
      ['user_avatar', '/a.png" onerror="alert(1)'],
      ['user_avatar', `/${'a'.repeat(255)}`],
      ['user_birthday', '1990-02-30'],
      ['user_birthday', '2026-01-06'],
      ['user_birthday', '1899-12-31'],
      ['user_realname', '三'.repeat(21)],
      ['user_sign', '行'.repeat(256)],
      ['tag_ids', "1' or '1'='1"],
    ]
    for (const [name, value] of refused) {
      const params = { user_gender: '1', [name]: value }
      const { status, json } = await edit(user, params)
      expect(status).to.equal(200)
      expect(json, `${name}: ${value}`).to.include({ status: 250, code: 0, error: 'FIELD_REFUSED' })
      expect(json?.['msg'], `${name}: ${value}`).to.match(/^[\u4e00-\u9fff0-9]+$/)
    }
    for (const user_gender of ['3', 'male'])
      expect((await edit(user, { user_gender, user_sign: '行' })).text).to.equal(
        paramRefusal('userGender: one of 0, 1, 2'),
      )
    expect(await rowsOf(user)).to.deep.equal(before)
  })

  it('takes every kind of text that a nickname may be', async () => {
    const user = await gateway.addUser()
    for (const nickname of ['名'.repeat(50), '🍎'.repeat(50), "O'Brien & Söhne", 'é']) {
      expect((await edit(user, { userNickname: nickname })).text, nickname).to.equal(done)
      expect((await infoOf(user))['user_nickname']).to.equal(nickname)
    }
  })

  it('gives a nickname to one user only, whatever the case of its letters', async () => {
    const [first, second] = [await gateway.addUser(), await gateway.addUser()]
    expect((await edit(first, { userNickname: 'Élan Vital' })).text).to.equal(done)
    for (const nickname of ['Élan Vital', 'élan vital', 'ÉLAN VITAL', ' élan VITAL '])
      expect((await edit(second, { userNickname: nickname })).text, nickname).to.equal(taken)
    // The user's own, written in another way, and what only looks alike to a database.
    expect((await edit(first, { userNickname: 'ÉLAN vital' })).text).to.equal(done)
    expect((await edit(second, { userNickname: 'Elan Vital' })).text).to.equal(done)
    // A name that was given up is free.
    expect((await edit(first, { userNickname: 'somebody else' })).text).to.equal(done)
    expect((await edit(second, { userNickname: 'élan vital' })).text).to.equal(done)
  })

  it('does not take all emoji for one', async () => {
    const [first, second] = [await gateway.addUser(), await gateway.addUser()]
    expect((await edit(first, { userNickname: '🍋' })).text).to.equal(done)
    expect((await edit(second, { userNickname: '🍏' })).text).to.equal(done)
    expect((await edit(second, { userNickname: '🍋' })).text).to.equal(taken)
  })

  it('counts the names that users had before anybody chose one, even those that two have', async () => {
    const [first, second] = [
      await gateway.addUser({ nickname: 'Old Name' }),
      await gateway.addUser({ nickname: 'Old Name' }),
    ]
    const third = await gateway.addUser()
    expect((await edit(third, { userNickname: 'old name' })).text).to.equal(taken)
    expect((await edit(first, { userNickname: 'Old Name', userGender: '2' })).text).to.equal(done)
    expect((await infoOf(first))['user_gender']).to.equal(2)
    expect((await edit(second, { userNickname: 'OLD NAME' })).text).to.equal(taken)
  })

  it('leaves everything else of a refused edit undone', async () => {
    const [first, second] = [await gateway.addUser({ nickname: 'whole' }), await gateway.addUser()]
    expect((await infoOf(first))['user_nickname']).to.equal('whole')
    expect((await edit(second, { userNickname: 'WHOLE', userGender: '2' })).text).to.equal(taken)
    expect((await infoOf(second))['user_gender']).to.equal(0)
  })

  it('gives a nickname that thirty users want at once to one of them', async () => {
    const users = await Promise.all(Array.from({ length: 30 }, () => gateway.addUser()))
    const spelled = (at: number) => (at % 2 === 0 ? 'Wanted By All' : 'wanted by all')
    const answers = await Promise.all(users.map((user, at) => edit(user, { userNickname: spelled(at) })))
    const texts = answers.map(({ text }) => text)
    expect(texts.filter((text) => text === done)).to.have.length(1)
    expect(texts.filter((text) => text === taken)).to.have.length(29)
    const wearers = await gateway
      .db('account_user_info')
      .whereIn('user_nickname', ['Wanted By All', 'wanted by all'])
    expect(wearers).to.have.length(1)
  })

  it('keeps the real name while a certificate with it waits, and after it has passed', async () => {
    const user = await gateway.addUser()
    const setState = (state: number) =>
      gateway
        .db('account_user_info')
        .where({ user_id: user.uid })
        .update({ user_is_authentication: state, user_realname: '张三' })
    for (const [state, name] of [
      [0, '李四'],
      [1, '张三'],
      [2, '张三'],
      [3, '李四'],
    ] as const) {
      await setState(state)
      expect((await edit(user, { userRealname: '李四', userGender: String(state % 3) })).text).to.equal(done)
      expect(await infoOf(user), `state ${state}`).to.include({ user_realname: name, user_gender: state % 3 })
    }
  })

  it('needs a live session', async () => {
    const none = await gateway.request(path, { method: 'POST' })
    expect(none.json).to.include({ code: 401, msg: '请重新登录' })
    const forged = await gateway.request(`${path}?perm_key=forged`)
    expect(forged.json).to.include({ code: 401, msg: '请退出重新登录' })
  })
})
