import { loadConfig } from '../config/config.js'
import { startServices } from '../gateway/start/services.js'

/** A user who is signed in. */
export interface SignedInUser {
  readonly userId: number
  readonly token: string
}

const addressesEach = 10
const messagesEach = 8

/** Signs users of a seeded database in and gives each ten addresses and eight messages, every other one unread. */
export async function seedOwnedRows(
  env: Record<string, string>,
  userIds: readonly number[],
): Promise<SignedInUser[]> {
  const services = await startServices(loadConfig({ ...env, LOG_LEVEL: 'error' }))
  const { db, sessions } = services
  try {
    return await db.transaction(async (db) => {
      const signedIn: SignedInUser[] = []
      for (const userId of userIds) {
        await db('account_user_delivery_address').insert(rows(addressesEach, (at) => addressRow(userId, at)))
        await db('account_user_message').insert(rows(messagesEach, (at) => messageRow(userId, at)))
        const session = { userId, generation: 0, app: 'web', ip: '127.0.0.1' }
        signedIn.push({ userId, token: await sessions.start(db, session) })
      }
      return signedIn
    })
  } finally {
    await services.close()
  }
}

const rows = <Row>(count: number, row: (at: number) => Row): Row[] =>
  Array.from({ length: count }, (_, at) => row(at))

function addressRow(userId: number, at: number) {
  return {
    user_id: userId,
    ud_name: `收货人 ${at}`,
    ud_intl: '+86',
    ud_mobile: `1390000${String(at).padStart(4, '0')}`,
    ud_telephone: '',
    ud_province_id: 320_000,
    ud_province: '江苏省',
    ud_city_id: 320_100,
    ud_city: '南京市',
    ud_county_id: 320_102,
    ud_county: '玄武区',
    ud_address: `中山路 ${at + 1} 号`,
    ud_postalcode: '210000',
    ud_tag_name: '家',
    ud_longitude: 118.8,
    ud_latitude: 32.06,
    ud_is_default: at === 0 ? 1 : 0,
    ud_time: `2026-01-0${(at % 9) + 1} 08:00:00`,
  }
}

function messageRow(userId: number, at: number) {
  return {
    user_id: userId,
    user_nickname: `user ${userId}`,
    message_kind: 2,
    user_other_id: userId + 1,
    user_other_nickname: `user ${userId + 1}`,
    message_title: '',
    message_content: `message ${at}`,
    message_time: Date.UTC(2026, 0, 1) + at * 60_000,
    message_is_read: at % 2,
    message_is_delete: 0,
    message_type: 2,
    message_cat: 'text',
    message_data_type: 0,
    message_data_id: '',
    message_length: 0,
    message_w: 0,
    message_h: 0,
    message_parent_id: 0,
  }
}
