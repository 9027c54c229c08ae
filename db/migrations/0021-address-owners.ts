import type { Knex } from 'knex'
import { holdsShop } from '../attached-shop.js'
import { addIndex } from './table-builder.js'

/**
 * Who has a number is told by the shop's tables too (db/address-owners.ts): by users' rows, which are to be found by it,
 * and by rows of bindings. A number that stayed a way in after it was unbound has neither, and gets its binding here.
 */
export async function up(db: Knex): Promise<void> {
  await addIndex(db, 'account_user_info', ['user_mobile'])
  if (!(await holdsShop(db))) await db.raw(bindKept)
}

const bindKept = `
  INSERT INTO account_user_bind_connect (bind_id, bind_type, user_id, bind_time, bind_openid)
  SELECT own.value, 1, own.user_id, own.verified_at, own.value
  FROM user_identity own JOIN account_user_info info ON info.user_id = own.user_id
  WHERE own.kind = 'mobile' AND own.verified_at IS NOT NULL AND info.user_mobile = ''
    AND NOT EXISTS (SELECT 1 FROM account_user_bind_connect bound
      WHERE bound.bind_type = 1 AND bound.bind_id = own.value)`
