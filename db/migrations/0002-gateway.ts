import type { Knex } from 'knex'
import { createTable } from './table-builder.js'

/** What the gateway itself keeps: applications, blocked addresses, limits, codes, used tokens, deliveries. */
export async function up(db: Knex): Promise<void> {
  await createTable(db, 'client_app', (columns) => {
    columns.key('name', 64).primary()
    columns.text('scheme', 20)
    columns.text('trust', 10)
    columns.table.text('grants').notNullable()
    columns.table.text('addresses').notNullable()
    columns.table.text('secrets').notNullable()
    columns.table.boolean('enabled').notNullable().defaultTo(true)
    columns.time('created_at').notNullable()
    columns.time('updated_at').notNullable()
  })
  await createTable(db, 'ip_block', (columns) => {
    columns.key('address', 50).primary()
    columns.text('reason', 255)
    columns.time('created_at').notNullable()
    columns.time('expires_at').index()
  })
  await createCodeTables(db)
  await createDeliveryTables(db)
}

async function createCodeTables(db: Knex): Promise<void> {
  await createTable(db, 'usage_limit', (columns) => {
    columns.key('name').primary()
    columns.count('used')
    columns.time('resets_at').notNullable().index()
  })
  await createTable(db, 'sent_code', (columns) => {
    columns.key('address').primary()
    columns.key('code_id', 32)
    columns.key('digest', 64)
    columns.text('purpose', 32)
    columns.count('wrong_tries')
    columns.time('expires_at').notNullable().index()
  })
  await createTable(db, 'mobile_check', (columns) => {
    columns.key('app_name', 64)
    columns.key('number', 32)
    columns.key('kind', 10)
    columns.time('expires_at').notNullable().index()
    columns.table.primary(['app_name', 'number', 'kind'])
  })
  await createTable(db, 'used_mail_token', (columns) => {
    columns.key('token_id', 32).primary()
    columns.time('expires_at').notNullable().index()
  })
  await createTable(db, 'used_nonce', (columns) => {
    columns.key('app_name', 64)
    columns.key('nonce', 64)
    columns.time('expires_at').notNullable().index()
    columns.table.primary(['app_name', 'nonce'])
  })
}

async function createDeliveryTables(db: Knex): Promise<void> {
  await createTable(db, 'delivery_job', ({ table }) => {
    table.bigIncrements('job_id')
    table.string('template', 40).notNullable()
    table.text('payload').notNullable()
    table.integer('attempts').notNullable().defaultTo(0)
    table.bigInteger('due_at').notNullable().index()
    table.bigInteger('expires_at').notNullable()
  })
  await createTable(db, 'outbox_message', (columns) => {
    columns.table.bigIncrements('message_id')
    columns.text('channel', 10)
    columns.text('address', 190)
    columns.text('subject', 255)
    columns.table.text('text').notNullable()
    columns.table.text('html').notNullable()
    columns.time('sent_at').notNullable()
  })
}
