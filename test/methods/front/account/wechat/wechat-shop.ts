import type { HttpAnswer } from '../../../../fetch-answer.js'
import type { TestGateway } from '../../../../harness.js'
import type { TestDatabase } from '../../../../servers/databases.js'
import { startWechat, type Wechat } from '../../../../servers/wechat/wechat.js'
import { useGateway } from '../../../../suite.js'
import { type AccountClient, createAccountClient } from '../account-client.js'

/** A gateway with all three ways of WeChat, over the stand-in; only there inside hooks and tests. */
export interface WechatShop extends AccountClient {
  readonly gateway: TestGateway
  readonly wechat: Wechat
  /** Calls `/front/account/wechat/…` by GET. */
  ask(method: string, fields?: Readonly<Record<string, string>>, token?: string): Promise<HttpAnswer>
  /** The bindings of a user to WeChat: type and id. */
  bindingsOf(userId: number): Promise<[type: number, id: string][]>
}

/** Starts both before a suite and ends them after it. `env` overrides any configuration variable. */
export function wechatShop(
  database: TestDatabase,
  env: Readonly<Record<string, string | undefined>> = {},
): WechatShop {
  let wechat: Wechat
  const gateway = useGateway(database, async () => {
    wechat = await startWechat(() => gateway.clock.now())
    const settings = Object.entries({ ...wechat.settings(), ...env })
    const given = settings.filter((pair): pair is [string, string] => pair[1] !== undefined)
    return Object.fromEntries(given)
  })
  after(() => wechat?.stop())
  const client = createAccountClient(gateway)
  return {
    ...client,
    gateway,
    get wechat() {
      return wechat
    },
    ask: (method, fields, token) => client.get(`wechat/${method}`, fields, token),
    async bindingsOf(userId) {
      const rows = await gateway
        .db('account_user_bind_connect')
        .where({ user_id: userId })
        .where('bind_type', '>', 10)
        .orderBy('bind_type')
      return rows.map(({ bind_type, bind_id }) => [bind_type, bind_id])
    },
  }
}

/** Who was signed in. */
export function signedIn({ text, json }: HttpAnswer): { token: string; user_id: number } {
  const data = json?.data as { token: string; user_id: number } | null | undefined
  if (!data?.token) throw new Error(`nobody was signed in: ${text}`)
  return data
}
