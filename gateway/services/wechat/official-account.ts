import type { WechatOfficialAccount } from '../../../config/config.js'
import { lentOf } from './answer-fields.js'
import { callWithToken, createAccessToken } from './application-token.js'
import { authorizePage, readOpenid, readProfile } from './oauth.js'
import { createSharedToken, type TokenParts } from './shared-token.js'
import type { OfficialAccount } from './wechat.js'
import type { WechatClient } from './client.js'

/** The official account; `openUrl` is where WeChat's pages are. */
export function createOfficialAccount(
  account: WechatOfficialAccount,
  client: WechatClient,
  { openUrl, ...parts }: TokenParts & { readonly openUrl: string },
): OfficialAccount {
  const { appId, messages } = account
  const accessToken = createAccessToken(client, account, parts)
  const fetchTicket = async () => {
    const call = { path: '/cgi-bin/ticket/getticket', query: { type: 'jsapi' } }
    return lentOf(client.way, await callWithToken(client, accessToken, call), 'ticket')
  }
  const key = { app_id: appId, kind: 'jsapi' } as const
  const ticket = createSharedToken({ way: client.way, key, fetch: fetchTicket }, parts)
  return {
    appId,
    authorizeUrl: (request) =>
      authorizePage({
        ...request,
        url: `${openUrl}/connect/oauth2/authorize`,
        appId,
        scope: 'snsapi_userinfo',
      }),
    readProfile: (code) => readProfile(client, account, code),
    readOpenid: (code) => readOpenid(client, account, code),
    jsapiTicket: () => ticket.read(),
    ...(messages && { messages: readMessages(messages) }),
  }
}

function readMessages({
  tokens,
  aesKeys,
}: NonNullable<WechatOfficialAccount['messages']>): NonNullable<OfficialAccount['messages']> {
  // WeChat shows the key without the padding that makes it 32 bytes of base64.
  return { tokens, aesKeys: aesKeys.map((aesKey) => Buffer.from(`${aesKey}=`, 'base64')) }
}
