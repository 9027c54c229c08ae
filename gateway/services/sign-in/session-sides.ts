import type { Knex } from 'knex'
import { findOwnedSession, type SessionOwner, type SessionState } from '../../../db/sessions.js'
import type { Cache } from '../cache.js'

/** What is remembered of a session's own side under, and of its owner's. */
export const sessionKey = (tokenId: string): string => `session:${tokenId}`
export const ownerKey = (userId: number): string => `session-owner:${userId}`

interface Sides {
  readonly session: SessionState | undefined
  readonly owner: SessionOwner | undefined
}

/** What decides whether a token of a user is alive, in one read at most; undefined for what there is not. */
export async function fetchSides(
  { db, cache }: { readonly db: Knex; readonly cache: Cache },
  tokenId: string,
  userId: number,
): Promise<Sides> {
  let read: ReturnType<typeof findOwnedSession> | undefined
  const readOnce = () => (read ??= findOwnedSession(db, tokenId))
  const [session, owner] = await Promise.all([
    cache.fetch<SessionState>(sessionKey(tokenId), readOnce),
    cache.fetch<SessionOwner>(ownerKey(userId), async () => {
      const found = await readOnce()
      return found?.user_id === userId ? found : undefined
    }),
  ])
  return { session, owner }
}
