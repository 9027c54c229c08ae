import { createHash, randomInt } from 'node:crypto'
import { expect } from 'chai'
import { saveAdmin } from '../../db/admins.js'
import { insertMenu, insertRole, updateRoleMenus } from '../../db/admin-roles.js'
import type { TestGateway } from '../harness.js'
import { type Wechat, wechatApps, type WechatWay } from '../servers/wechat/wechat.js'
import type { Scenario } from './account-scenarios.js'

type Prepare = (gateway: TestGateway, wechat: Wechat) => Promise<Scenario>

/** A call that a newcomer makes with what WeChat gave him. */
const withCode =
  (way: WechatWay, values: Readonly<Record<string, string>> = {}): Prepare =>
  async (_, wechat) => ({ values: { code: wechat.codeFor(wechat.addPerson(), way), ...values } })

const open: Prepare = async () => ({ values: {} })

async function tokenOfUser(gateway: TestGateway): Promise<string> {
  return (await gateway.addUser()).startSession()
}

/** A session of somebody whose role includes a path of the front ends. */
async function tokenOfPermitted(gateway: TestGateway, path: string): Promise<string> {
  const { db, clock } = gateway.services
  const user = await gateway.addUser()
  const role = await insertRole(db, `role-${user.uid}`)
  await updateRoleMenus(db, role.user_role_id, [await insertMenu(db, path)])
  await saveAdmin(db, { user_id: user.uid, user_role_id: role.user_role_id, user_admin_ctime: clock.now() })
  return user.startSession()
}

/** Somebody who has logged in by the mini program before. */
async function knownPerson(gateway: TestGateway, wechat: Wechat) {
  const person = wechat.addPerson()
  const query = new URLSearchParams({ code: wechat.codeFor(person, 'mini') })
  const { json } = await gateway.request(`/front/account/wechat/jsCode2Session?${query.toString()}`)
  expect(json?.code).to.equal(0)
  return person
}

/** The state within the address of WeChat's page with the QR code. */
async function stateOfQrCode(gateway: TestGateway): Promise<string> {
  const { json } = await gateway.request('/front/account/wechat/getQrCode')
  return new URL(String(json?.data)).searchParams.get('state') ?? ''
}

/** How each operation on WeChat is called with success, by its path, and what it answers that is no envelope. */
export const wechatScenarios: Readonly<Record<string, Prepare>> = {
  '/front/account/wechat/index': async () => {
    const [timestamp, nonce, echostr] = ['1414243737', String(randomInt(1e9)), '5836725168236184651']
    const texts = [wechatApps.official.token, timestamp, nonce].sort()
    const signature = createHash('sha1').update(texts.join('')).digest('hex')
    const check: Scenario['check'] = ({ status, text }) =>
      expect({ status, text }).to.deep.equal({ status: 200, text: echostr })
    return { values: { timestamp, nonce, echostr, signature }, check }
  },
  '/front/account/wechat/callbackMessage': open,
  '/front/account/wechat/redirectToWxCode': async (_, wechat) => ({
    values: {},
    check: ({ status, headers }) => {
      expect(status).to.equal(302)
      const { origin, pathname, hash, searchParams } = new URL(headers.get('location') ?? '')
      expect(`${origin}${pathname}${hash}`).to.equal(`${wechat.url}/connect/oauth2/authorize#wechat_redirect`)
      expect([...searchParams.keys()].sort()).to.deep.equal(
        ['appid', 'redirect_uri', 'response_type', 'scope', 'state'].sort(),
      )
    },
  }),
  '/front/account/wechat/callbackMp': withCode('official', { activity_id: '7' }),
  '/front/account/wechat/getQrCode': async (_, wechat) => ({
    values: {},
    check: ({ status, json }) => {
      expect(status).to.equal(200)
      expect(json).to.include({ status: 200, code: 0, error: null })
      expect(json?.data).to.be.a('string').that.includes(`${wechat.url}/connect/qrconnect?`)
      // The PC site takes the address from there (account.md §9).
      expect(json?.['msg']).to.equal(json?.data)
    },
  }),
  '/front/account/wechat/callbackPc': async (gateway, wechat) => ({
    ...(await withCode('web')(gateway, wechat)),
    // WeChat sends it along; the document forgot it.
    undocumented: { state: await stateOfQrCode(gateway) },
    check: ({ status, headers }) => {
      expect(status).to.equal(302)
      expect(headers.get('location')).to.match(/^https:\/\/pc\.example\.com\/#\/login\/login\?ukey=[\w.-]+$/)
    },
  }),
  '/front/account/wechat/checkAppLogin': async (gateway, wechat) => ({
    values: { code: wechat.codeFor(await knownPerson(gateway, wechat), 'mini') },
  }),
  '/front/account/wechat/jsCode2Session': withCode('mini', {
    activity_id: '7',
    user_info: '{"nickName":"微信用户","avatarUrl":""}',
  }),
  '/front/account/wechat/getOpenIdByCode': withCode('mini'),
  '/front/account/wechat/getUserPhoneNumber': async (gateway, wechat) => ({
    values: { code: wechat.phoneCodeFor(wechat.addPerson()) },
    token: await tokenOfUser(gateway),
  }),
  '/front/account/wechat/wxConfig': async () => ({ values: { href: 'https://shop.example.com/h5/?id=1#/a' } }),
  '/front/account/wechat/getXcxAccessToken': async (gateway) => ({
    values: { useCacheFlag: 'true' },
    token: await tokenOfPermitted(gateway, '/front/account/wechat/getXcxAccessToken'),
    check: async ({ status, text }) =>
      expect({ status, text }).to.deep.equal({
        status: 200,
        text: await gateway.services.wechat.mini?.accessToken(),
      }),
  }),
}

const signedIn = { token: '', user_id: 0 }

/** Answers whose keys account.md §9 names, so that the document's own example does not count (§11). */
export const wechatExamples: Readonly<Record<string, unknown>> = {
  '/front/account/wechat/callbackMessage': false,
  '/front/account/wechat/callbackMp': signedIn,
  '/front/account/wechat/checkAppLogin': signedIn,
  '/front/account/wechat/jsCode2Session': signedIn,
  '/front/account/wechat/getUserPhoneNumber': signedIn,
  '/front/account/wechat/getOpenIdByCode': { openid: '' },
  '/front/account/wechat/wxConfig': { url: '', appId: '', nonceStr: '', timestamp: '', signature: '' },
}
