import type { Knex } from 'knex'
import { listPermissions } from '../../../db/admins.js'
import { compilePattern } from '../apps/apps.js'
import type { Cache } from '../cache.js'

/** What administrators may do: row → role → menus, each a path or a pattern of paths (account.md §2). */
export interface Permissions {
  /** The patterns granted to a user, none for who is no administrator: `/manage/account/user/*`. */
  of(userId: number): Promise<readonly string[]>
  /** Whether a user's role includes a method, by its path. */
  includes(userId: number, method: string): Promise<boolean>
}

/** A role that changes shows on every node within the cache's short life. */
export function createPermissions({ db, cache }: { db: Knex; cache: Cache }): Permissions {
  const load = async (userId: number) => {
    const patterns = await listPermissions(db, userId)
    return { patterns, forms: patterns.map(compilePattern) }
  }
  const read = (userId: number) => cache.fetch(`permissions:${userId}`, () => load(userId))
  return {
    of: async (userId) => (await read(userId))?.patterns ?? [],
    async includes(userId, method) {
      const path = `/${method.replaceAll('.', '/')}`
      const forms = (await read(userId))?.forms ?? []
      return forms.some((form) => form.test(path))
    },
  }
}
