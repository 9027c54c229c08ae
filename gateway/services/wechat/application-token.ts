import { lentOf } from './answer-fields.js'
import { createSharedToken, type SharedToken, type TokenParts } from './shared-token.js'
import type { WechatCall } from './call.js'
import { type WechatAnswer, type WechatClient, WechatRefusal } from './client.js'

/**
 * An application's own access_token, with which it calls WeChat in nobody's name. Of cgi-bin/stable_token, as WeChat
 * advises: the same for all who ask while it is good, so that another server that asks does not end ours; and those of
 * cgi-bin/token, which end each other, are apart. Never by `force_refresh`, which ends it for everybody and is meant for
 * a leak: whose token is refused has an old one, and the current one is what it gets.
 */
export function createAccessToken(
  client: WechatClient,
  { appId, secret }: { readonly appId: string; readonly secret: string },
  parts: TokenParts,
): SharedToken {
  const { way } = client
  const body = { grant_type: 'client_credential', appid: appId, secret, force_refresh: false }
  const call = { path: '/cgi-bin/stable_token', query: {}, body }
  const fetch = async () => lentOf(way, await client.call(call), 'access_token')
  return createSharedToken({ way, key: { app_id: appId, kind: 'access' }, fetch }, parts)
}

/** The token is wrong, too old, or not the newest. */
const refused = new Set([40001, 40014, 42001])

/** Calls WeChat with an access_token in the query; one that it refuses is replaced, and the call made once more. */
export async function callWithToken(
  client: WechatClient,
  token: SharedToken,
  call: WechatCall,
): Promise<WechatAnswer> {
  const callWith = (access_token: string) => client.call({ ...call, query: { access_token, ...call.query } })
  const used = await token.read()
  try {
    return await callWith(used)
  } catch (error) {
    if (!(error instanceof WechatRefusal) || !refused.has(error.errcode)) throw error
    await token.discard(used)
    return callWith(await token.read())
  }
}
