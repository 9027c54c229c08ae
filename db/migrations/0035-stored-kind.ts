import type { Knex } from 'knex'
import { isMysql } from '../connect.js'

const storedKind = `
  ALTER TABLE user_identity
    DROP INDEX user_identity_user_id_only_kind_unique,
    DROP COLUMN only_kind,
    ADD COLUMN only_kind VARCHAR(16)
      GENERATED ALWAYS AS (CASE WHEN kind IN ('mobile', 'email') THEN kind END) STORED,
    ADD UNIQUE user_identity_user_id_only_kind_unique (user_id, only_kind)`

/**
 * Stores the column that lets a user have one number and one e-mail. While it was computed whenever it is read, a
 * MariaDB server that had crashed might not get over it: what it had left to purge of a key on such a column it can't
 * compute while it looks for where its data end (`mariadbd --wsrep-recover`), and tries without end, with ever more
 * memory. Nothing is done where an operator was first.
 */
export async function up(db: Knex): Promise<void> {
  if (isMysql(db) && !(await isStored(db))) await db.raw(storedKind)
}

async function isStored(db: Knex): Promise<boolean> {
  const column = await db('information_schema.columns')
    .whereRaw('table_schema = database()')
    .where({ table_name: 'user_identity', column_name: 'only_kind' })
    .first({ extra: 'extra' })
  return /stored|persistent/i.test(String(column?.extra))
}
