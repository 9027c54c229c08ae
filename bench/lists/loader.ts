import type { Knex } from 'knex'
import { loadConfig } from '../../config/config.js'
import { connect, isMysql } from '../../db/connect.js'
import { firstUser, heavyMessages, lockedEvery, makeMessageForm, makeOwner, type Owner } from './rows.js'
import { seed } from '../seed.js'

/** How large a database is. */
export interface Size {
  /** With five addresses, five invoices and ten messages each, on an average. */
  readonly users: number
  /** Users beside them with 20,000 messages each. */
  readonly heavyUsers: number
}

const chunk = 500
/** Above this only heavy users have messages. */
const mostUsual = 400
/** A statement of so many messages of each heavy user. */
const heavyStep = 2000

/** Makes a database with the users and their rows, and tells how far it is. */
export async function fillLists(
  env: Record<string, string>,
  size: Size,
  say: (text: string) => void,
): Promise<void> {
  await seed(env, 0)
  const db = connect(loadConfig(env).database)
  try {
    await hurry(db)
    await makeUsers(db, size)
    say(`${size.users} users`)
    await makeAddresses(db, say)
    await makeMessages(db, size, say)
    await db.schema.dropTable('bench_form').dropTable('bench_owner')
    await settle(db)
  } finally {
    await db.destroy()
  }
}

/** Loading need not survive a power cut; what is measured later runs on connections of its own. */
async function hurry(db: Knex): Promise<void> {
  if (isMysql(db)) {
    // The test server's 32 MiB would measure the disk. A real one holds what its users read in memory.
    await db.raw('SET GLOBAL innodb_buffer_pool_size = 2147483648')
    await db.raw('SET GLOBAL innodb_log_file_size = 536870912')
    await db.raw('SET GLOBAL innodb_flush_log_at_trx_commit = 2')
  } else {
    await db.raw('pragma synchronous = off')
    await db.raw('pragma cache_size = -1000000')
  }
}

async function settle(db: Knex): Promise<void> {
  if (!isMysql(db)) return void (await db.raw('pragma wal_checkpoint(truncate)'))
  // What the server does by itself after a while.
  await db.raw('ANALYZE TABLE account_user_message, account_user_delivery_address, account_user_invoice')
  await db.raw('ANALYZE TABLE account_user_base, account_user_info, user_identity')
}

async function makeUsers(db: Knex, { users, heavyUsers }: Size): Promise<void> {
  await db.schema.createTable('bench_owner', (table) => {
    table.integer('user_id').primary()
    table.integer('addresses').index()
    table.integer('messages').index()
    table.integer('step')
  })
  await inChunks(users + heavyUsers, (at) => ownerRow(makeOwner(at, users)), db, 'bench_owner')
  await db.raw(
    `INSERT INTO account_user_base (user_id, user_account, user_created_at)
      SELECT user_id, concat('user', user_id), 1451606400000 FROM bench_owner`,
  )
  await db.raw(
    `INSERT INTO account_user_info
        (user_id, user_account, user_nickname, user_mobile, user_state, user_level_id, user_is_authentication)
      SELECT user_id, concat('user', user_id), concat('user ', user_id), concat('138', user_id * 10),
        CASE user_id % ${lockedEvery} WHEN 0 THEN 0 WHEN 1 THEN 2 ELSE 1 END, CASE user_id % 10 WHEN 2 THEN 1001 ELSE 0 END,
        CASE user_id % 100 WHEN 3 THEN 1 ELSE 0 END
      FROM bench_owner`,
  )
  await db.raw(
    `INSERT INTO user_identity (kind, value, user_id, verified_at, created_at)
      SELECT 'mobile', concat('+86138', user_id * 10), user_id, 1451606400000, 1451606400000 FROM bench_owner`,
  )
}

const ownerRow = ({ userId, ...rest }: Owner) => ({ user_id: userId, ...rest })

async function inChunks(
  count: number,
  rowAt: (at: number) => object,
  db: Knex,
  table: string,
): Promise<void> {
  for (let start = 0; start < count; start += chunk * 40)
    await db.transaction(async (db) => {
      const rows = Array.from({ length: Math.min(chunk * 40, count - start) }, (_, at) => rowAt(start + at))
      await db.batchInsert(table, rows, chunk)
    })
}

/** The n-th of all users one after the other, as time would bring them: a user's rows don't lie side by side. */
async function makeAddresses(db: Knex, say: (text: string) => void): Promise<void> {
  for (let n = 0; n < 100; n++) {
    const dated = `'2026-01-${String((n % 28) + 1).padStart(2, '0')} 08:00:00'`
    const isDefault = n === 0 ? 1 : 0
    await db.raw(
      `INSERT INTO account_user_delivery_address (user_id, ud_name, ud_mobile, ud_province, ud_city, ud_county,
          ud_address, ud_time, ud_is_default)
        SELECT user_id, 'Zhang San', concat('138', user_id * 10), 'Jiangsu', 'Nanjing', 'Jianye',
          concat('Jiangdong Middle Road ', ${n}), ${dated}, ${isDefault} FROM bench_owner WHERE addresses > ${n}`,
    )
    await db.raw(
      `INSERT INTO account_user_invoice (user_id, invoice_title, invoice_company_code, invoice_content,
          invoice_is_company, invoice_datetime, invoice_is_default)
        SELECT user_id, concat('Company ', ${n}), '91320105000000000X', 'Goods', 1, ${dated}, ${isDefault}
        FROM bench_owner WHERE addresses > ${n}`,
    )
  }
  say('addresses and invoices')
}

async function makeMessages(db: Knex, { users }: Size, say: (text: string) => void): Promise<void> {
  await db.schema.createTable('bench_form', (table) => {
    table.integer('n').primary()
    for (const column of ['kind', 'type', 'is_read', 'partner']) table.integer(column)
  })
  await inChunks(heavyMessages, makeMessageForm, db, 'bench_form')
  const now = Date.now()
  const insert = (from: number, to: number) =>
    db.raw(
      `INSERT INTO account_user_message (user_id, user_nickname, message_kind, user_other_id, user_other_nickname,
          message_content, message_time, message_is_read, message_type, message_cat)
        SELECT owner.user_id, concat('user ', owner.user_id), form.kind,
          ${firstUser} + (owner.user_id - ${firstUser} + 1 + form.partner * 79) % ${users}, 'somebody',
          concat('The parcel is on its way, it will be there soon ', form.n),
          ${now} - (2 * (owner.messages - form.n) - 1) * (owner.step / 2), form.is_read, form.type, 'text'
        FROM bench_form AS form JOIN bench_owner AS owner ON owner.messages > form.n
        WHERE form.n >= ? AND form.n < ? AND owner.messages > ? ORDER BY form.n`,
      [from, to, from],
    )
  for (let n = 0; n < mostUsual; n++) {
    await insert(n, n + 1)
    if (n === 9) say('messages: the first ten of every user')
  }
  for (let n = mostUsual; n < heavyMessages; n += heavyStep)
    await insert(n, Math.min(n + heavyStep, heavyMessages))
  say('messages')
}
