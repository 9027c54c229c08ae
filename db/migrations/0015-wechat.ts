import type { Knex } from 'knex'
import { isMysql } from '../connect.js'
import { addIndex, createTable } from './table-builder.js'

/**
 * WeChat (account.md §9): its tokens, sign-ins under way, the messages users sent it, and identities of two more
 * kinds.
 */
export async function up(db: Knex): Promise<void> {
  await createTokenTable(db)
  await createSignInTables(db)
  await createEventTable(db)
  await makeRoomForWechatIdentities(db)
  await prepareOldBindings(db)
}

async function createTokenTable(db: Knex): Promise<void> {
  await createTable(db, 'wechat_token', (columns) => {
    columns.key('app_id', 64)
    columns.key('kind', 16)
    columns.table.text('sealed_value').notNullable()
    columns.time('expires_at').notNullable().defaultTo(0)
    columns.time('refreshing_until').notNullable().defaultTo(0)
    columns.time('retry_at').notNullable().defaultTo(0)
    columns.time('fetched_at').notNullable().defaultTo(0)
    columns.table.primary(['app_id', 'kind'])
  })
}

async function createSignInTables(db: Knex): Promise<void> {
  await createTable(db, 'wechat_state', (columns) => {
    columns.key('state_hash', 64).primary()
    columns.key('app_id', 64)
    columns.key('browser_hash', 64).defaultTo('')
    columns.text('return_to', 255)
    columns.key('ticket_hash', 64).defaultTo('')
    columns.time('expires_at').notNullable().index()
  })
  await createTable(db, 'wechat_ticket', (columns) => {
    columns.key('ticket_hash', 64).primary()
    columns.key('browser_hash', 64).defaultTo('')
    columns.text('return_to', 255)
    columns.count('status')
    columns.userId().defaultTo(0)
    columns.time('expires_at').notNullable().index()
  })
}

async function createEventTable(db: Knex): Promise<void> {
  await createTable(db, 'wechat_event', (columns) => {
    columns.table.bigIncrements('event_id')
    columns.key('app_id', 64)
    columns.key('openid', 100)
    columns.key('message_key', 64).unique()
    columns.text('message_type', 32)
    columns.text('event', 64)
    columns.table.text('content').notNullable()
    columns.time('received_at').notNullable().index()
    columns.time('delivered_at')
  })
}

const table = 'user_identity'
const oldKey = 'user_identity_user_id_kind_unique'
const newKey = 'user_identity_user_id_only_kind_unique'
const onlyKind = `
  ALTER TABLE user_identity ADD COLUMN only_kind VARCHAR(16)
  GENERATED ALWAYS AS (CASE WHEN kind IN ('mobile', 'email') THEN kind END) VIRTUAL`

/**
 * A user has one number and one e-mail, but an identity in each of the merchant's WeChat applications. So the key that
 * lets a user have one of each kind now looks at a column that is null for WeChat's.
 */
async function makeRoomForWechatIdentities(db: Knex): Promise<void> {
  if (isMysql(db) && (await isKindNarrow(db)))
    await db.raw('ALTER TABLE user_identity MODIFY kind VARCHAR(16) COLLATE utf8mb4_bin NOT NULL')
  if (!(await hasOnlyKind(db))) await db.raw(onlyKind)
  if (!(await hasIndex(db, newKey)))
    await db.schema.alterTable(table, (table) => table.unique(['user_id', 'only_kind'], newKey))
  if (await hasIndex(db, oldKey))
    await db.schema.alterTable(table, (table) => table.dropUnique(['user_id', 'kind'], oldKey))
  await addIndex(db, table, ['user_id', 'kind'])
}

async function isKindNarrow(db: Knex): Promise<boolean> {
  const narrow = await db('information_schema.columns')
    .whereRaw('table_schema = database()')
    .where({ table_name: table, column_name: 'kind' })
    .where('character_maximum_length', '<', 16)
    .first('column_name')
  return narrow !== undefined
}

async function hasOnlyKind(db: Knex): Promise<boolean> {
  if (isMysql(db)) return db.schema.hasColumn(table, 'only_kind')
  // knex looks at the columns that are stored only.
  const columns = db.from(db.raw('pragma_table_xinfo(?) as part', [table]))
  return (await columns.where('part.name', 'only_kind').first('part.name')) !== undefined
}

async function hasIndex(db: Knex, name: string): Promise<boolean> {
  const index = isMysql(db)
    ? await db('information_schema.statistics')
        .whereRaw('table_schema = database()')
        .where({ table_name: table, index_name: name })
        .first('index_name')
    : await db('sqlite_master').where({ type: 'index', name }).first('name')
  return index !== undefined
}

/** Bindings are looked up by what WeChat knows a user by; and two users may have one unionid. */
async function prepareOldBindings(db: Knex): Promise<void> {
  for (const column of ['bind_id', 'bind_openid', 'bind_unionid'])
    await addIndex(db, 'account_user_bind_connect', [column])
  if (isMysql(db))
    await db.raw('ALTER TABLE identity_conflict MODIFY kind VARCHAR(16) COLLATE utf8mb4_bin NOT NULL')
}
