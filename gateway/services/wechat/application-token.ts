import { lentOf } from './answer-fields.js'
import { createSharedToken, type SharedToken, type TokenParts } from './shared-token.js'
import type { WechatCall } from './call.js'
import { type WechatAnswer, type WechatClient, WechatRefusal } from './client.js'

/** An application's own access_token (cgi-bin/token), with which it calls WeChat in nobody's name. */
export function createAccessToken(
  client: WechatClient,
  { appId, secret }: { readonly appId: string; readonly secret: string },
  parts: TokenParts,
): SharedToken {
  const { way } = client
  const query = { grant_type: 'client_credential', appid: appId, secret }
  const fetch = async () => lentOf(way, await client.call({ path: '/cgi-bin/token', query }), 'access_token')
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
