import type { Knex } from 'knex'
import { listPermissions } from '../../db/admins.js'
import { compilePattern } from './apps.js'
import type { Cache } from './cache.js'

/** What administrators may do: row → role → menus, each a path or a pattern of paths (account.md §2). */
export interface Permissions {
  /** The patterns granted to a user, none for who is no administrator: `/manage/account/user/*`. */
  of(userId: number): Promise<readonly string[]>
  /** Whether a user's role includes a method, by its path. */
  includes(userId: number, method: string): Promise<boolean>
  /** Drops what this and the other nodes remember of a user's permissions. */
  forget(userId: number): void
}

export function createPermissions({ db, cache }: { db: Knex; cache: Cache }): Permissions {
  const key = (userId: number) => `permissions:${userId}`
  const read = async (userId: number) =>
    (await cache.fetch(key(userId), () => listPermissions(db, userId))) ?? []
  return {
    of: read,
    async includes(userId, method) {
      const path = `/${method.replaceAll('.', '/')}`
      return (await read(userId)).some((pattern) => compilePattern(pattern).test(path))
    },
    forget: (userId) => cache.drop(key(userId)),
  }
}
