import { rememberMobileCheck } from '../../../db/mobile-checks.js'
import { insertCode } from '../../../db/sent-codes.js'
import { findCredentials } from '../../../db/credentials.js'
import { transaction } from '../../../db/transaction.js'
import type { MethodName } from '../../../gateway/contract/method.js'
import { issueMailToken } from '../../../methods/rules/mail/tokens.js'
import { contractDocuments } from '../../../schemas/contracts.js'
import { startGateway, type TestApp, type TestGateway, type TestUser } from '../../harness.js'
import { startWechat, type Wechat } from '../../servers/wechat/wechat.js'
import { signedQuery } from '../../methods/front/account/wechat/official-messages.js'

/** A gateway in which every method has something to do, however often it is called. */
export interface World {
  readonly gateway: TestGateway
  /** A legacy application and one of the newer scheme. */
  readonly apps: readonly TestApp[]
  /** Parameters that the method takes, made ready for this very call: a live code, an unused token. */
  prepare(method: MethodName, app: TestApp): Promise<Record<string, string>>
  close(): Promise<void>
}

const far = 4_000_000_000_000
/** A code that lived longer than codes do would be none. */
const codeMilliseconds = 60_000

/** Limits are out of the way: what lies behind them is to be met. */
const unlimited = {
  CODE_GAP: '0',
  CODE_PER_NUMBER_HOUR: '1000000',
  CODE_PER_NUMBER_DAY: '1000000',
  CODE_PER_IP_HOUR: '1000000',
  CODE_PER_DAY: '1000000',
}

export async function openWorld(database: { readonly url: string }): Promise<World> {
  const wechat = await startWechat()
  const gateway = await startGateway(database, { ...unlimited, ...wechat.settings() })
  const apps = [gateway.web, await gateway.addApp({ name: 'newer', scheme: 'hmac-sha256' })]
  const reader = await gateway.addUser({ nickname: 'reader', password: 'password of the reader' })
  const writer = await gateway.addUser({ nickname: 'writer' })
  const token = await reader.startSession()
  let calls = 0
  return {
    gateway,
    apps,
    async prepare(method, app) {
      calls += 1
      const needsLogin = gateway.gateway.table.byName.get(method)?.auth === 'user'
      const user = needsLogin || /\.(get|verifyUserPwd)/.test(method) ? reader : writer
      const mobile = String(13_000_000_000 + calls)
      const own: Record<string, string> = {
        ...likelyValues(user, mobile),
        ...(await prepareFor(method, { gateway, wechat, user, mobile, app })),
      }
      const { properties } = contractDocuments[method]
      const names = sentAlone[method] ?? Object.keys(properties)
      const params = names.map((name) => [name, own[name] ?? String(properties[name]?.examples?.[0])])
      return { ...Object.fromEntries(params), ...(needsLogin ? { access_token: token } : {}) }
    },
    async close() {
      await gateway.close()
      await wechat.stop()
    },
  }
}

/** The parameters of methods that do not take all of theirs at once. */
const sentAlone: Readonly<Record<string, readonly string[]>> = {
  // A code is sent to the user's own number only, if a user is named.
  'web.passport.sendcode': contractDocuments['web.passport.sendcode'].required,
  'open.account.get': ['uid'],
}

/** By the names that parameters have in the contracts; of others the contract's own example is sent. */
function likelyValues({ uid, password }: TestUser, mobile: string): Record<string, string> {
  return {
    uid: String(uid),
    mobile,
    newMobile: mobile,
    area: '86',
    email: `hostile-${mobile}@example.com`,
    password,
    newPassword: 'a password like no other',
    newPwd: 'a password like no other',
    callback: 'https://www.example.com/verified',
  }
}

interface Need {
  readonly gateway: TestGateway
  readonly wechat: Wechat
  readonly user: TestUser
  readonly mobile: string
  readonly app: TestApp
}

/** Puts into the database what the method looks for, and gives the parameters that name it. */
async function prepareFor(method: MethodName, need: Need): Promise<Record<string, string>> {
  const { gateway, user, mobile, app } = need
  const { db, vault, clock } = gateway.services
  if (method === 'web.passport.verifyUserPwd') await db('login_failure').delete()
  if (method === 'web.passport.changeVerifyMobile')
    for (const kind of ['checked', 'proved'] as const)
      await rememberMobileCheck(db, { app_name: app.name, number: `+86${mobile}`, kind, expires_at: far })
  if (method === 'web.passport.checkcode') {
    const address = `sms:+86${mobile}`
    const digest = vault.digest('sent-code', `${address} 1234`)
    const code = { address, code_id: mobile, digest, purpose: '', code_length: 4 }
    await db('sent_code').where({ address }).delete()
    await insertCode(db, { ...code, wrong_tries: 0, expires_at: clock.now() + codeMilliseconds })
    return { code: '1234' }
  }
  if (method.startsWith('front.account.wechat.')) return prepareWechat(method, need)
  if (method.startsWith('front.account.userInvoice.')) {
    // A user may keep a hundred. With the calls under way it may come to a deadlock, which a transaction tries again.
    const invoiceId = await transaction({ db }, async ({ db }) => {
      await db('account_user_invoice').where({ user_id: user.uid }).delete()
      const [id] = await db('account_user_invoice').insert({ user_id: user.uid })
      return id
    })
    return { user_invoice_id: String(invoiceId) }
  }
  if (contractDocuments[method].properties['code'] === undefined) return {}
  const generation = (await findCredentials(db, user.uid))?.session_generation ?? 0
  const purpose = method === 'app.register.resetPwdByCode' ? 'reset-password' : 'verify-email'
  const email = `token-${mobile}@example.com`
  return { code: issueMailToken(gateway.services, { userId: user.uid, email, purpose, generation }) }
}

/** What WeChat gives its users, or sends itself. */
async function prepareWechat(method: MethodName, { gateway, wechat }: Need): Promise<Record<string, string>> {
  const person = wechat.addPerson()
  const none = { encryptedData: '', iv: '', ticket: '' }
  if (method === 'front.account.wechat.index') return signedQuery(gateway)
  if (method === 'front.account.wechat.callbackPc') {
    const { json } = await gateway.request('/front/account/wechat/getQrCode')
    const state = new URL(String(json?.data)).searchParams.get('state') ?? ''
    return { code: wechat.codeFor(person, 'web'), state }
  }
  if (method === 'front.account.wechat.callbackMp')
    return { code: wechat.codeFor(person, 'official'), state: 'STATE' }
  if (method === 'front.account.wechat.getUserPhoneNumber') return { code: wechat.phoneCodeFor(person) }
  return { code: wechat.codeFor(person, 'mini'), way: 'mini', ...none }
}
