import { setImmediate as nextTurn } from 'node:timers/promises'
import { isDuplicate, isRefusedRow } from '../../../db/transaction.js'
import { fitsShop, unreadableId } from '../../services/sign-in/shop-subject.js'
import type { DateWay } from './dates.js'
import type { Fields, ReadLine } from './columns.js'
import { type BatchOutcome, type BatchServices, importBatch } from './import-batch.js'
import { type ImportedUser, readImportedUser } from './imported-user.js'
import { KnownUsers } from './meetings.js'
import type { Report } from './report.js'
import { type SealDigest, sealPasswords } from './seal.js'

/** The counts so far. */
export interface ImportCounts {
  lines: number
  imported: number
  /** Users who are there already: an import can be run again. */
  known: number
  /** Those of them whom the file has changed, with `--update`. */
  updated: number
  /** Lines skipped because of their contents. */
  bad: number
  /** Lines skipped because another user has the id or the account. */
  conflicts: number
  /** Mobiles, e-mails and WeChat identities that belong to another user; the user was imported without them. */
  taken: number
  /** Fields that could not be taken; the user was imported without them. */
  leftOut: number
}

export interface ImportOptions extends BatchServices {
  /** Given with `--wrap`: turns old digests into argon2id over them on the way in. */
  readonly seal?: SealDigest | undefined
  readonly dates: DateWay
  readonly form: string | undefined
  readonly report: Pick<Report, 'add'>
  readonly progress: (counts: Readonly<ImportCounts>) => void
}

/** Users per transaction. */
const batchSize = 400

/** Streams users into the database, one transaction per batch, in constant memory but for a dry run. */
export async function importUsers(
  lines: AsyncIterable<ReadLine>,
  options: ImportOptions,
): Promise<ImportCounts> {
  const counts = { lines: 0, imported: 0, known: 0, updated: 0, bad: 0, conflicts: 0, taken: 0, leftOut: 0 }
  const run: Run = { options, counts, seen: options.isDry ? new KnownUsers() : undefined }
  let batch: ImportedUser[] = []
  for await (const read of lines) {
    counts.lines++
    const user = readOrReport(read, run)
    if (user) batch.push(user)
    if (batch.length < batchSize) continue
    await flush(batch, run)
    batch = []
  }
  await flush(batch, run)
  return counts
}

interface Run {
  readonly options: ImportOptions
  readonly counts: ImportCounts
  /** In a dry run, the users of the whole file: nothing of it is in the database. */
  readonly seen: KnownUsers | undefined
}

function readOrReport(read: ReadLine, { options, counts }: Run): ImportedUser | undefined {
  const { report, now } = options
  try {
    if ('problem' in read) throw new Error(read.problem)
    const { user, leftOut } = readImportedUser(read, { ...options, now: now() })
    if (!fitsShop(user.uid ?? 0, options)) throw new Error(`uid: ${unreadableId(user.uid ?? 0)}`)
    counts.leftOut += leftOut.length
    for (const reason of leftOut) report.add({ ...namesOf(user), what: 'left out', reason })
    return user
  } catch (error) {
    counts.bad++
    report.add({
      line: read.line,
      ...('fields' in read && writtenNames(read.fields)),
      what: 'bad',
      reason: error instanceof Error ? error.message : String(error),
    })
    return undefined
  }
}

async function flush(batch: readonly ImportedUser[], run: Run): Promise<void> {
  const { options, counts } = run
  const isSealing = options.seal !== undefined || options.update
  const users = isSealing ? await sealPasswords(options, batch) : batch
  if (users.length > 0) await takeBatch(users, run)
  options.progress(counts)
  await nextTurn()
}

/** Where the database refuses a row, which it does by its own rules too, the others come in one by one. */
async function takeBatch(users: readonly ImportedUser[], run: Run): Promise<void> {
  try {
    count(await importBatch(run.options, users, run.seen), run)
  } catch (error) {
    const [user] = users
    if (!isRefusedRow(error) || !user) throw error
    if (users.length > 1) {
      for (const one of users) await takeBatch([one], run)
      return
    }
    const isTaken = isDuplicate(error)
    run.counts[isTaken ? 'conflicts' : 'bad']++
    const reason = isTaken
      ? 'account: to the database it is that of another user; not imported'
      : 'is refused by the database: a value fits no column'
    run.options.report.add({ ...namesOf(user), what: isTaken ? 'conflict' : 'bad', reason })
  }
}

function count({ added, known, updated, problems }: BatchOutcome, { options, counts }: Run): void {
  counts.imported += added
  counts.known += known
  counts.updated += updated
  for (const { user, what, reason } of problems) {
    counts[what === 'conflict' ? 'conflicts' : what === 'taken' ? 'taken' : 'leftOut']++
    options.report.add({ ...namesOf(user), what, reason })
  }
}

/** Who a user is whose line is wrong, as far as the file says it rightly. */
function writtenNames({ uid = '', account = '' }: Fields) {
  const isId = /^\d{1,10}$/.test(uid.trim())
  return { uid: isId ? Number(uid) : undefined, account: account.trim().slice(0, 100) }
}

function namesOf({ line, uid, account }: ImportedUser) {
  return { line, uid, account }
}
