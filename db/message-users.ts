import type { Knex } from 'knex'
import { isMysql } from './connect.js'

/** A user as messages name him. */
export interface MessageUser {
  user_id: number
  user_nickname: string
  user_avatar: string
}

/** The known ones of some users, by id. */
export async function findMessageUsers(
  db: Knex,
  userIds: readonly number[],
): Promise<Map<number, MessageUser>> {
  if (userIds.length === 0) return new Map()
  const rows = await messageUsers(db).whereIn('base.user_id', [...userIds])
  return new Map(rows.map((row) => [row.user_id, row]))
}

/**
 * Who goes by a nickname, in exactly these letters. Imported users may share one: then it is who chose it here, else
 * the one who came first.
 */
export async function findNamedUser(db: Knex, nickname: string): Promise<MessageUser | undefined> {
  const named = messageUsers(db)
    .leftJoin('nickname_owner as owner', 'owner.user_id', 'base.user_id')
    .orderByRaw('owner.taken_at is null, base.user_id')
  // The first comparison is the index's, which takes other letters for the same; the second is exact.
  if (isMysql(db))
    named.where('info.user_nickname', nickname).whereRaw('binary info.user_nickname = ?', [nickname])
  else
    named.whereRaw('info.user_nickname collate nocase = ?', [nickname]).where('info.user_nickname', nickname)
  return named.first()
}

/** Imported users may have no row of their particulars yet. */
function messageUsers(db: Knex): Knex.QueryBuilder<object, MessageUser[]> {
  return db('account_user_base as base')
    .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
    .select<MessageUser[]>(
      'base.user_id',
      db.raw("coalesce(info.user_nickname, '') as user_nickname"),
      db.raw("coalesce(info.user_avatar, '') as user_avatar"),
    )
}
