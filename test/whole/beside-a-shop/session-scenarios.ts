import { randomInt, randomUUID } from 'node:crypto'
import { insertMessage } from '../../../db/user-messages.js'
import type { MethodName } from '../../../gateway/contract/method.js'
import { noticeRow, textBody } from '../../../methods/rules/messages/rows.js'
import type { TestGateway } from '../../harness.js'
import { addAdmin } from '../../methods/manage/account/administrators.js'
import { addGroup, addTag } from '../../methods/manage/account/tags.js'
import type { Wechat } from '../../servers/wechat/wechat.js'
import { scenarios } from '../../wire/account-scenarios.js'
import { alsoNeeded, idsOf, nobodysIds } from '../../wire/id-parameters.js'
import { addOwner, handInCertificate, makeRows, type Owner } from '../../wire/owned-rows.js'

/** What a method is called with, with success. */
export interface SessionCall {
  readonly values: Readonly<Record<string, string>>
  readonly token: string
  readonly file?: Blob
}

/** Whose users hold the tokens that are looked at, and where others come from. */
interface Scene {
  readonly gateway: TestGateway
  readonly others: TestGateway
  readonly wechat: Wechat
}

type Values = Readonly<Record<string, string>>
type Prepare = (scene: Scene) => Promise<SessionCall>

/** How a method is called with success: as the account document has it, else as below. */
export async function prepareCall(method: MethodName, scene: Scene): Promise<SessionCall> {
  const documented = scenarios[`/${method.replaceAll('.', '/')}`]
  if (documented) {
    const { values, undocumented, token = '' } = await documented(scene.gateway, scene.wechat)
    return { values: { ...values, ...undocumented }, token }
  }
  const prepare = ownScenarios[method] ?? (method.startsWith('manage.') ? onAnOwner(method) : undefined)
  if (!prepare) throw new Error(`session-scenarios.ts does not say how ${method} is called`)
  return prepare(scene)
}

const bySomebody =
  (valuesOf: (scene: Scene, token: string) => Values | Promise<Values> = () => ({})): Prepare =>
  async (scene) => {
    const token = await (await scene.gateway.addUser({ password: 'the old password' })).startSession()
    return { token, values: await valuesOf(scene, token) }
  }

const byAdmin =
  (valuesOf: (scene: Scene, owner: Owner) => Values | Promise<Values>): Prepare =>
  async (scene) => {
    const { token } = await addAdmin(scene.gateway)
    return { token, values: await valuesOf(scene, await addOwner(scene.others, 'of-the-owner')) }
  }

/** A call of an administrator that names what somebody owns. */
function onAnOwner(method: MethodName): Prepare {
  return byAdmin(async ({ others }, owner) => {
    const rows = await makeRows(others, owner, await addOwner(others, 'of-the-partner'))
    await handInCertificate(others, owner)
    const ids = idsOf(method).filter((name) => !nobodysIds.has(name))
    return { ...alsoNeeded[method], ...Object.fromEntries(ids.map((name) => [name, String(rows[name])])) }
  })
}

const withLevel = (more: Values = {}): Prepare =>
  byAdmin(async ({ others: { services } }) => {
    const [id = 0] = await services.db('account_user_level').insert({ user_level_name: 'new' })
    return { user_level_id: String(id), ...more }
  })

const withTag = (more: Values = {}): Prepare =>
  byAdmin(async ({ others }) => {
    const tag_group_id = await addGroup(others, 'group')
    return { tag_id: String(await addTag(others, { tag_title: 'tag', tag_group_id })), ...more }
  })

const withGroup = (more: Values = {}): Prepare =>
  byAdmin(async ({ others }) => ({ tag_group_id: String(await addGroup(others, 'group')), ...more }))

async function bindMini({ gateway, wechat }: Scene, token: string): Promise<Values> {
  const body = new URLSearchParams({ way: 'mini', code: wechat.codeFor(wechat.addPerson(), 'mini') })
  const headers = { Authorization: token }
  await gateway.request('/front/account/wechat/bind', { method: 'POST', body, headers })
  return { way: 'mini' }
}

const gif = Buffer.from('R0lGODlhAwACAIAAAAAAAP///ywAAAAAAwACAAACAoxRADs=', 'base64')

const ownScenarios: Readonly<Partial<Record<MethodName, Prepare>>> = {
  'front.account.login.changePassword': bySomebody(() => ({
    oldPassword: 'the old password',
    password: 'a new password',
  })),
  'front.account.userInvoice.getInvoiceTips': bySomebody(),
  'front.account.userMessage.getMessageNum': bySomebody(),
  'front.account.userMessage.stream': bySomebody(),
  'front.account.userSession.list': bySomebody(),
  'front.account.userSession.remove': bySomebody(() => ({ others: 'true' })),
  'front.account.wechat.bind': bySomebody(({ wechat }) => ({
    way: 'mini',
    code: wechat.codeFor(wechat.addPerson(), 'mini'),
  })),
  'front.account.wechat.unbind': bySomebody(bindMini),
  'front.sys.upload.index': async (scene) => ({
    ...(await bySomebody()(scene)),
    file: new Blob([new Uint8Array(gif)], { type: 'image/gif' }),
  }),
  'manage.account.userInfo.add': byAdmin(() => ({ user_account: `new${randomInt(1e9)}` })),
  'manage.account.userLevel.add': byAdmin(() => ({ user_level_name: 'new' })),
  'manage.account.userLevel.edit': withLevel({ user_level_name: 'changed' }),
  'manage.account.userLevel.remove': withLevel(),
  'manage.account.userMessage.clearNotice': byAdmin(() => ({})),
  'manage.account.userMessage.edit': byAdmin(async ({ others }, owner) => {
    const user = { user_id: owner.uid, user_nickname: owner.nickname, user_avatar: '' }
    const body = textBody('title', 'text')
    const notice = noticeRow({ sender: user, receiver: user, body, at: Date.now() })
    const message_id = await insertMessage(others.services.db, notice)
    return { message_id: String(message_id), message_title: 'changed' }
  }),
  'manage.account.userTagBase.add': byAdmin(async ({ others }) => ({
    tag_title: `tag ${randomUUID()}`,
    tag_group_id: String(await addGroup(others, 'group')),
  })),
  'manage.account.userTagBase.edit': withTag({ tag_title: 'changed' }),
  'manage.account.userTagBase.editState': withTag({ tag_enable: 'false' }),
  'manage.account.userTagBase.remove': withTag(),
  'manage.account.userTagGroup.add': byAdmin(() => ({ tag_group_name: `group ${randomInt(1e9)}` })),
  'manage.account.userTagGroup.edit': withGroup({ tag_group_name: 'changed' }),
  'manage.account.userTagGroup.remove': withGroup(),
}
