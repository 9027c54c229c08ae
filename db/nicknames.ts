import type { Knex } from 'knex'
import { compileShapes } from './compiled-read.js'
import { isMysql } from './connect.js'
import { inSlices, mostValues } from './statement-size.js'

/** Who chose a nickname, in lower case; a user has one. Names nobody chose since are in `account_user_info` only. */
interface NicknameOwnerRow {
  nickname_key: string
  user_id: number
  taken_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    nickname_owner: NicknameOwnerRow
  }
}

/**
 * Makes a nickname the user's only one, whatever the case of its letters; returns false when another user has it. The
 * primary key decides between parallel transactions.
 */
export async function takeNickname(
  db: Knex,
  { userId, nickname, at }: { readonly userId: number; readonly nickname: string; readonly at: number },
): Promise<boolean> {
  const nickname_key = nickname.toLowerCase()
  if (await isWornByAnother(db, nickname, userId)) return false
  const known = await findOwner(db, nickname_key)
  if (known !== undefined) return known === userId
  await db('nickname_owner').where({ user_id: userId }).delete()
  await db('nickname_owner').insert({ nickname_key, user_id: userId, taken_at: at }).onConflict().ignore()
  // Whose row is there now is committed or our own: the insert waited for a parallel one.
  return (await findOwner(db, nickname_key)) === userId
}

/** Whether somebody chose a nickname or goes by it. */
export async function isNicknameTaken(db: Knex, nickname: string): Promise<boolean> {
  if ((await findOwner(db, nickname.toLowerCase())) !== undefined) return true
  return isWornByAnother(db, nickname, 0)
}

async function findOwner(db: Knex, nickname_key: string): Promise<number | undefined> {
  return (await db('nickname_owner').where({ nickname_key }).first('user_id'))?.user_id
}

/** Whether another user goes by the name, chosen or given: imported and registered names have no owner's row. */
async function isWornByAnother(db: Knex, nickname: string, userId: number): Promise<boolean> {
  const others = db('account_user_info').whereNot({ user_id: userId })
  const lower = nickname.toLowerCase()
  if (isMysql(db)) {
    // The column's collation finds candidates by the index, but takes é for e and all emoji for one.
    others
      .where({ user_nickname: nickname })
      .whereRaw('lower(user_nickname) = ? collate utf8mb4_bin', [lower])
  } else {
    // SQLite folds ASCII letters only.
    others.whereRaw('user_nickname collate nocase in (?, ?, ?)', [nickname, lower, nickname.toUpperCase()])
  }
  return (await others.first('user_id')) !== undefined
}

/** A user as messages name one: id, nickname and picture. */
export interface MessageUser {
  user_id: number
  user_nickname: string
  user_avatar: string
}

/** Who writes and who is written to: that is asked for often. */
const fewUsers = 2
const reads = compileShapes()

/** The known ones of some users, by id. */
export async function findMessageUsers(
  db: Knex,
  userIds: readonly number[],
): Promise<Map<number, MessageUser>> {
  const rows = await inSlices<number, MessageUser>(userIds, mostValues, async (some) => {
    const build = (ids: readonly unknown[]) =>
      messageUsers(db).whereIn('base.user_id', ids as readonly number[])
    return some.length > fewUsers
      ? build(some)
      : reads<MessageUser>(db, { key: `${some.length}`, build }, some)
  })
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
