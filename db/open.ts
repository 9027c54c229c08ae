import type { Knex } from 'knex'
import { connect, type ConnectOptions, type DatabaseTarget } from './connect.js'
import { findForms } from './shop/forms.js'

/**
 * Where an up-to-date database holds an old shop's tables, puts a pool in this one's place whose values are read and
 * written in the forms of their columns, and times in this zone. A database of our own stays open as it is.
 */
export async function openForms(
  db: Knex,
  target: DatabaseTarget,
  { timeZone, ...options }: Omit<ConnectOptions, 'forms'> & { readonly timeZone: string },
): Promise<Knex> {
  if (target.kind === 'sqlite') return db
  const forms = await findForms(db, timeZone)
  if (!forms) return db
  await db.destroy()
  return connect(target, { ...options, forms })
}
