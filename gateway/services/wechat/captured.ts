import type { Knex } from 'knex'
import { insertOutboxMessage } from '../../../db/outbox-messages.js'
import type { Clock } from '../clock.js'
import { type WechatClient, wechatFailure, type WechatWay } from './client.js'

/**
 * In place of WeChat where nothing leaves the server: what would be asked goes to the outbox, by the names of what was
 * sent, as its values are secrets and codes. Nobody answers, so every call throws WECHAT_FAILED.
 */
export function createCapturedClient(
  way: WechatWay,
  { db, clock }: { readonly db: Knex; readonly clock: Clock },
): WechatClient {
  return {
    way,
    isResting: () => false,
    async call({ path, query, body = {} }) {
      const names = [...Object.keys(query), ...Object.keys(body)]
      await insertOutboxMessage(db, {
        channel: 'wechat',
        address: way,
        subject: path,
        text: names.join(', '),
        html: '',
        sent_at: clock.now(),
      })
      throw wechatFailure(way, 'captured')
    },
  }
}
