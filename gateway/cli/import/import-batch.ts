import type { Knex } from 'knex'
import type { Config } from '../../../config/config.js'
import type { PasswordCost } from '../../../config/password-cost.js'
import { transaction } from '../../../db/transaction.js'
import {
  claimIdentities,
  findKnownUsers,
  insertAddressRows,
  insertBaseRows,
  insertBindingRows,
  insertInfoRows,
  insertLoginRows,
} from '../../../db/user-import.js'
import { fitsShop, unreadableId } from '../../services/sign-in/shop-subject.js'
import { formatTime } from '../../wire/time.js'
import { CommandError } from '../command/error.js'
import { type Claim, claimsOf } from './claims.js'
import type { ImportColumn } from './columns.js'
import type { ImportedUser } from './imported-user.js'
import { KnownUsers, type Met } from './meetings.js'
import type { UserProblem } from './report.js'
import { updateKnown } from './update-known.js'

export interface BatchServices {
  readonly db: Knex
  readonly now: () => number
  readonly timeZone: string
  readonly wechat: Config['wechat']
  /** Given where a shop stands beside us, which does not read every id. */
  readonly shopTokens?: Config['shopTokens']
  /** Of hashes that are made here. */
  readonly passwordCost: PasswordCost
  /** Whether known users take over what the file has. */
  readonly update: boolean
  /** Whether everything is rolled back. */
  readonly isDry: boolean
}

export interface BatchOutcome {
  readonly added: number
  readonly known: number
  readonly updated: number
  readonly problems: readonly UserProblem[]
}

/** Brings some users in, all or none. In a dry run `seen` has, and is given, the users of the file. */
export async function importBatch(
  services: BatchServices,
  batch: readonly ImportedUser[],
  seen: KnownUsers | undefined,
): Promise<BatchOutcome> {
  // The transaction may run more than once, so nothing is counted or reported inside it.
  try {
    return await transaction(services, async (services) => {
      const knownUsers = new KnownUsers(seen)
      const outcome = await writeBatch(services, batch, knownUsers)
      if (services.isDry) throw new RolledBack(outcome, knownUsers)
      return outcome
    })
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error
    seen?.remember(error.knownUsers)
    return error.outcome
  }
}

/** Takes what would have been written out of a transaction that ends without it. */
class RolledBack extends Error {
  readonly outcome: BatchOutcome
  readonly knownUsers: KnownUsers

  constructor(outcome: BatchOutcome, knownUsers: KnownUsers) {
    super('a dry run is rolled back')
    this.outcome = outcome
    this.knownUsers = knownUsers
  }
}

async function writeBatch(
  services: BatchServices,
  batch: readonly ImportedUser[],
  knownUsers: KnownUsers,
): Promise<BatchOutcome> {
  const { db } = services
  const uids = batch.flatMap(({ uid }) => uid ?? [])
  const accounts = batch.map(({ account }) => account)
  knownUsers.addRows(await findKnownUsers(db, uids, accounts))
  const added: ImportedUser[] = []
  const known: { readonly user: ImportedUser; readonly met: Met }[] = []
  const problems: UserProblem[] = []
  for (const user of batch) {
    const meeting = knownUsers.meet(user)
    if (meeting.is === 'new') added.push(user)
    else if (meeting.is === 'known') known.push({ user, met: meeting.known })
    else problems.push({ user, what: 'conflict', reason: meeting.problem })
  }
  problems.push(...(await addUsers(services, added)))
  for (const user of added)
    for (const column of knownUsers.takenEarlier(user)) problems.push(takenProblem(user, column))
  const updating = services.update
    ? known.flatMap(({ user, met }) => (met.row ? { user, row: met.row } : []))
    : []
  const { updated, problems: others } = await updateKnown(services, updating)
  return { added: added.length, known: known.length, updated, problems: [...problems, ...others] }
}

async function addUsers(services: BatchServices, users: readonly ImportedUser[]): Promise<UserProblem[]> {
  const { db, now, timeZone } = services
  const ids = await insertBaseRows(
    db,
    users.map(({ uid, account, password, registeredAt }) => ({
      user_id: uid,
      user_account: account,
      ...password,
      user_created_at: registeredAt ?? now(),
    })),
  )
  const made = users.map((user) => ({ user, userId: ids.get(user.account) ?? 0 }))
  for (const { userId } of made) if (!fitsShop(userId, services)) throw new CommandError(unreadableId(userId))
  await insertInfoRows(
    db,
    made.map(({ user, userId }) => infoRow(user, userId)),
  )
  await insertLoginRows(
    db,
    made.flatMap(({ user, userId }) => loginRow(user, userId, timeZone)),
  )
  const time = formatTime(now(), timeZone)
  await insertAddressRows(
    db,
    made.flatMap(({ user, userId }) =>
      user.addresses.map((row) => ({ ...row, user_id: userId, ud_time: time })),
    ),
  )
  return claim(services, made)
}

/** Claims numbers, addresses and WeChat identities for users; returns those that can't be had. */
async function claim(
  services: BatchServices,
  users: readonly { readonly user: ImportedUser; readonly userId: number }[],
): Promise<UserProblem[]> {
  const wanted = users.map(({ user, userId }) => ({ user, ...claimsOf(services, user, userId) }))
  const claims = wanted.flatMap(({ user, claims }) => claims.map((one) => ({ ...one, user })))
  const owners = await claimIdentities(
    services.db,
    claims.map(({ row }) => row),
  )
  const ownerOf = new Map(owners.map(({ kind, value, user_id }) => [`${kind} ${value}`, user_id]))
  const isOwn = ({ row }: Claim) => ownerOf.get(`${row.kind} ${row.value}`) === row.user_id
  await insertBindingRows(
    services.db,
    claims.filter(isOwn).flatMap(({ binding }) => binding ?? []),
  )
  const lost = claims.filter((one) => !isOwn(one))
  return [
    ...wanted.flatMap(({ user, problems }) =>
      problems.map((reason): UserProblem => ({ user, what: 'left out', reason })),
    ),
    ...lost.map(({ user, column }) => takenProblem(user, column)),
  ]
}

function takenProblem(user: ImportedUser, column: ImportColumn): UserProblem {
  return { user, what: 'taken', reason: `${column}: belongs to another user already; imported without it` }
}

function infoRow(user: ImportedUser, userId: number) {
  return {
    user_id: userId,
    user_account: user.account,
    user_nickname: user.nickname || Array.from(user.account).slice(0, 50).join(''),
    user_avatar: user.avatar,
    user_state: user.state ?? 1,
    user_intl: `+${user.mobile?.area ?? '86'}`,
    user_mobile: user.mobile?.number ?? '',
    user_email: user.email,
    user_gender: user.gender ?? 0,
    ...(user.birthday !== undefined && { user_birthday: user.birthday }),
  }
}

function loginRow({ registeredAt, lastLoginAt }: ImportedUser, userId: number, timeZone: string) {
  if (registeredAt === undefined && lastLoginAt === undefined) return []
  const registered = registeredAt ?? lastLoginAt ?? 0
  return [
    {
      user_id: userId,
      user_reg_ip: '',
      user_reg_date: formatTime(registered, timeZone).slice(0, 10),
      user_reg_time: registered,
      user_lastlogin_ip: '',
      user_lastlogin_time: lastLoginAt ?? registered,
      user_active_time: lastLoginAt ?? 0,
    },
  ]
}
