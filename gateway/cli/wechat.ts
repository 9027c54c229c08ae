import { type Command, InvalidArgumentError } from 'commander'
import { listWechatEvents, type WechatEventRow } from '../../db/wechat-events.js'
import { formatTime } from '../wire/time.js'
import { addExample, addJsonOption, type JsonOption } from './command/options.js'
import { isoTime, printJson, printLines, tableLines } from './command/print.js'
import { withDatabase } from './command/session.js'
import { defined } from '../wire/defined-fields.js'

const mostEvents = 10_000

interface EventOptions extends JsonOption {
  readonly openid?: string
  readonly type?: string
  readonly limit: number
}

/** Adds `wechat`: what users sent the official account. */
export function addWechatCommands(program: Command): void {
  const wechat = program.command('wechat').description('messages and events of the official account')
  const events = wechat
    .command('events')
    .description('show them, the newest first; they are kept for 30 days')
    .option('--openid <openid>', 'only those of this user')
    .option('--type <name>', 'only this type or event, such as text, subscribe or CLICK')
    .option('--limit <number>', 'the most to show', readLimit, 100)
    .action(showEvents)
  addExample(addJsonOption(events), 'wechat events --type subscribe --limit 20')
}

async function showEvents({ openid, type, limit, json }: EventOptions): Promise<void> {
  const { events, timeZone } = await withDatabase(async ({ db, config: { timeZone } }) => {
    const query = { ...defined({ openid, type }), most: limit }
    return { events: await listWechatEvents(db, query), timeZone }
  })
  if (json) return printJson(events.map(describeEvent))
  if (events.length === 0) return printLines(['nothing was received'])
  const rows = events.map(({ event_id, openid, message_type, event, received_at, delivered_at }) => [
    formatTime(received_at, timeZone),
    String(event_id),
    message_type,
    event || '-',
    openid,
    delivered_at === null ? '-' : formatTime(delivered_at, timeZone),
  ])
  printLines(tableLines(['RECEIVED', 'ID', 'TYPE', 'EVENT', 'OPENID', 'DELIVERED'], rows))
}

function describeEvent({ event_id, app_id, openid, message_type, event, ...row }: WechatEventRow) {
  const { content, received_at, delivered_at } = row
  const message: unknown = JSON.parse(content)
  const deliveredAt = delivered_at === null ? null : isoTime(delivered_at)
  const receivedAt = isoTime(received_at)
  return { id: event_id, appId: app_id, openid, type: message_type, event, receivedAt, deliveredAt, message }
}

function readLimit(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text) || Number(text) > mostEvents)
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${mostEvents}.`)
  return Number(text)
}
