import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Knex } from 'knex'
import type { IdentityRow } from '../../../db/identities.js'
import { transaction } from '../../../db/transaction.js'
import { claimIdentities, findKnownUsers, insertBaseRows, insertInfoRows } from '../../../db/user-import.js'
import { toE164 } from '../../../methods/rules/contacts/mobiles.js'
import { type Passwords, readOldHash } from '../../services/sign-in/passwords.js'
import { type ImportedUser, readImportedUser } from './imported-user.js'
import type { ReadLine } from './read-users.js'

/** The counts so far. */
export interface ImportCounts {
  lines: number
  imported: number
  /** Users whose id or account exists already: an import can be run again. */
  known: number
  /** Lines skipped because of their contents. */
  bad: number
  /** Mobiles and e-mails that belong to another user; the user was imported without them. */
  taken: number
}

export interface ImportOptions {
  readonly db: Knex
  /** Given with `--wrap`: turns old hashes into argon2id(md5) on the way in. */
  readonly wrap?: Passwords['wrap'] | undefined
  readonly now: () => number
  /** Takes a line that was skipped or partly imported, and the reason, which never holds a value of the file. */
  readonly report: (line: number, problem: string) => void
  readonly progress: (counts: Readonly<ImportCounts>) => void
}

/** Users per transaction; SQLite takes at most 500 rows per insert. */
const batchSize = 400

/** Streams users into the database, one transaction per batch, in constant memory. */
export async function importUsers(
  lines: AsyncIterable<ReadLine>,
  options: ImportOptions,
): Promise<ImportCounts> {
  const counts: ImportCounts = { lines: 0, imported: 0, known: 0, bad: 0, taken: 0 }
  let batch: ImportedUser[] = []
  const flush = async () => {
    const users = options.wrap ? await Promise.all(batch.map((user) => wrapHash(user, options.wrap))) : batch
    await importBatch(users, counts, options)
    batch = []
    options.progress(counts)
    await nextTurn()
  }
  for await (const read of lines) {
    counts.lines++
    const user = readOrReport(read, counts, options)
    if (user) batch.push(user)
    if (batch.length >= batchSize) await flush()
  }
  await flush()
  return counts
}

function readOrReport(
  read: ReadLine,
  counts: ImportCounts,
  { now, report }: ImportOptions,
): ImportedUser | undefined {
  let problem: string
  if ('problem' in read) problem = read.problem
  else {
    try {
      return readImportedUser(read.line, read.fields, now())
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error)
    }
  }
  counts.bad++
  report(read.line, problem)
  return undefined
}

async function wrapHash(user: ImportedUser, wrap: Passwords['wrap'] | undefined): Promise<ImportedUser> {
  const old = readOldHash({ user_password: user.password, user_salt: user.salt })
  return old && wrap ? { ...user, password: await wrap(old.digest), salt: old.salt } : user
}

async function importBatch(
  batch: readonly ImportedUser[],
  counts: ImportCounts,
  options: ImportOptions,
): Promise<void> {
  if (batch.length === 0) return
  // The transaction may run more than once, so nothing is counted or reported inside it.
  const { added, taken } = await transaction(options, async ({ db, now }) => {
    const users = await leaveOutKnown(db, batch)
    const ids = await insertBaseRows(
      db,
      users.map(({ uid, account, password, salt }) => ({
        user_id: uid,
        user_account: account,
        user_password: password,
        user_salt: salt,
        user_created_at: now(),
      })),
    )
    const idOf = ({ account }: ImportedUser) => ids.get(account) ?? 0
    await insertInfoRows(
      db,
      users.map((user) => infoRow(user, idOf(user))),
    )
    const claims = users.flatMap((user) => claimsOf(user, idOf(user), now()))
    const owners = await claimIdentities(
      db,
      claims.map(({ row }) => row),
    )
    const ownerOf = new Map(owners.map(({ kind, value, user_id }) => [`${kind} ${value}`, user_id]))
    const lost = claims.filter(({ row }) => ownerOf.get(`${row.kind} ${row.value}`) !== row.user_id)
    return { added: users.length, taken: lost }
  })
  counts.imported += added
  counts.known += batch.length - added
  counts.taken += taken.length
  for (const { line, row } of taken)
    options.report(line, `${row.kind}: belongs to another user already; imported without it`)
}

async function leaveOutKnown(db: Knex, batch: readonly ImportedUser[]): Promise<ImportedUser[]> {
  const uids = batch.flatMap(({ uid }) => uid ?? [])
  const known = await findKnownUsers(
    db,
    uids,
    batch.map(({ account }) => account),
  )
  const ids = new Set(known.map(({ user_id }) => user_id))
  const accounts = new Set(known.map(({ user_account }) => user_account.toLowerCase()))
  return batch.filter(({ uid, account }) => {
    const lower = account.toLowerCase()
    if (accounts.has(lower) || (uid !== undefined && ids.has(uid))) return false
    accounts.add(lower)
    if (uid !== undefined) ids.add(uid)
    return true
  })
}

function infoRow(user: ImportedUser, userId: number) {
  return {
    user_id: userId,
    user_account: user.account,
    user_nickname: user.nickname,
    user_avatar: user.avatar,
    user_state: user.state,
    user_intl: `+${user.mobile?.area ?? '86'}`,
    user_mobile: user.mobile?.number ?? '',
    user_email: user.email,
  }
}

function claimsOf(user: ImportedUser, userId: number, now: number): { line: number; row: IdentityRow }[] {
  const claims: IdentityRow[] = []
  const own = { user_id: userId, created_at: now }
  if (user.mobile)
    claims.push({ ...own, kind: 'mobile', value: toE164(user.mobile), verified_at: user.mobileVerifiedAt })
  if (user.email !== '')
    claims.push({ ...own, kind: 'email', value: user.email, verified_at: user.emailVerifiedAt })
  return claims.map((row) => ({ line: user.line, row }))
}
