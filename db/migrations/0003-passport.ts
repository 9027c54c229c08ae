import type { Knex } from 'knex'
import { type Columns, createTable } from './table-builder.js'

/** What the passport methods answer beside the user: contacts, habits, brands, counts, VIP, unread messages. */
export async function up(db: Knex): Promise<void> {
  await createTable(db, 'passport_profile', (columns) => {
    columns.userId().primary()
    columns.text('qq', 20)
    columns.text('msn', 100)
    columns.text('mobile', 20)
    columns.text('phone', 30)
    columns.count('area_code')
    columns.text('full_address', 255)
    columns.text('zip_code', 20)
    columns.text('shopping', 255)
    columns.text('dress', 255)
    columns.text('brand', 1024)
  })
  await createTable(db, 'passport_counter', (columns) => {
    columns.userId().primary()
    columns.count('coupon_count')
    columns.count('order_count')
    columns.count('refund_count')
    columns.count('yohocoin_count')
    columns.money('cur_total_cost')
    columns.money('cur_year_cost')
  })
  await createVipTables(db)
  await createMessageTable(db)
}

async function createVipTables(db: Knex): Promise<void> {
  await createTable(db, 'passport_vip', (columns) => {
    columns.userId().primary()
    columns.count('level')
    columns.time('starts_at').notNullable()
    columns.time('ends_at').notNullable()
  })
  const buildLevels = (columns: Columns) => {
    columns.table.integer('level').primary()
    columns.text('title', 50)
    columns.money('need_cost')
    columns.table.decimal('common_discount', 4, 2).notNullable().defaultTo(1)
    columns.table.decimal('promotion_discount', 4, 2).notNullable().defaultTo(1)
    columns.text('premium_scopes', 255)
    columns.count('next_level')
  }
  await createTable(db, 'passport_vip_level', buildLevels, [
    {
      level: 0,
      title: '普通会员',
      need_cost: 0,
      common_discount: 1,
      promotion_discount: 1,
      premium_scopes: '',
      next_level: 1,
    },
    {
      level: 1,
      title: '银卡会员',
      need_cost: 600,
      common_discount: 0.95,
      promotion_discount: 0.95,
      premium_scopes: '1,4,10,8,9',
      next_level: 2,
    },
  ])
}

async function createMessageTable(db: Knex): Promise<void> {
  await createTable(db, 'account_user_message', (columns) => {
    columns.table.increments('message_id')
    columns.count('message_parent_id')
    columns.userId()
    columns.text('user_nickname', 50)
    columns.count('message_kind', 1)
    columns.count('user_other_id')
    columns.text('user_other_nickname', 50)
    columns.text('message_title', 50)
    // 1024 characters as they were written: stored, each may take up to five, as in `&amp;`.
    columns.text('message_content', 5 * 1024)
    columns.time('message_time').notNullable().defaultTo(0)
    columns.count('message_is_read')
    columns.count('message_is_delete')
    columns.count('message_type', 1)
    columns.text('message_cat', 20)
    columns.count('message_data_type')
    columns.text('message_data_id', 50)
    columns.count('message_length')
    columns.count('message_w')
    columns.count('message_h')
    columns.table.index(['user_id', 'message_kind', 'message_is_read'])
  })
}
