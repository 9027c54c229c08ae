import type { Knex } from 'knex'
import { compileWrite } from './compiled-write.js'

/** `checked`: checkVerifyMobile found the number free; `proved`: a texted code was right. */
export type MobileCheckKind = 'checked' | 'proved'

/** What an application found out about a number a short while ago; it belongs to application and number. */
export interface MobileCheckRow {
  app_name: string
  number: string
  kind: MobileCheckKind
  expires_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    mobile_check: MobileCheckRow
  }
}

const remember = compileWrite<[app: string, number: string, kind: MobileCheckKind, expiresAt: number]>(
  (db, app_name, number, kind, expires_at) =>
    db('mobile_check')
      .insert({ app_name, number, kind, expires_at })
      .onConflict(['app_name', 'number', 'kind'])
      .merge(['expires_at']),
)

export async function rememberMobileCheck(db: Knex, row: MobileCheckRow): Promise<void> {
  await remember(db, row.app_name, row.number, row.kind, row.expires_at)
}

/** The kinds that are still remembered. */
export async function findMobileChecks(
  db: Knex,
  app: string,
  number: string,
  now: number,
): Promise<MobileCheckKind[]> {
  return db('mobile_check').where({ app_name: app, number }).where('expires_at', '>=', now).pluck('kind')
}

export async function forgetMobileChecks(db: Knex, app: string, number: string): Promise<void> {
  await db('mobile_check').where({ app_name: app, number }).delete()
}
