import type { Knex } from 'knex'

/** Once widened `message_content`, which is done now before any migration (db/shop). SQLite's texts have no length. */
export async function up(_db: Knex): Promise<void> {}
