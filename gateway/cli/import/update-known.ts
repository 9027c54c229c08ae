import type { Knex } from 'knex'
import { type PasswordCost, usualPasswordCost } from '../../../config/password-cost.js'
import {
  findIdentities,
  findProof,
  type KnownUser,
  replaceClaim,
  updateBaseRow,
} from '../../../db/user-import.js'
import { saveUserInfo, type UserInfoRow } from '../../../db/user-info.js'
import { dayOf } from '../../../methods/rules/profiles/fields.js'
import { hasCost } from '../../services/sign-in/password-forms/argon2.js'
import type { PasswordColumns } from '../../services/sign-in/password-forms/old-hash.js'
import { type Claim, contactClaims } from './claims.js'
import type { ImportedUser } from './imported-user.js'
import type { UserProblem } from './report.js'

interface Known {
  readonly user: ImportedUser
  readonly row: KnownUser
}

interface UpdateServices {
  readonly db: Knex
  readonly now: () => number
  readonly passwordCost: PasswordCost
}

/**
 * Brings known users to what the file has of them; what it leaves empty stays, and so does a password that was used
 * here and a number or address that was proved here later. Returns how many users changed.
 */
export async function updateKnown(
  services: UpdateServices,
  known: readonly Known[],
): Promise<{ readonly updated: number; readonly problems: readonly UserProblem[] }> {
  const problems: UserProblem[] = []
  let updated = 0
  for (const { user, row } of known) {
    const contacts = await changeContacts(services, { user, row })
    for (const reason of contacts.problems) problems.push({ user, what: 'taken', reason })
    const info = { ...changedInfo(user, row), ...contacts.info }
    const base = changedBase(services, { user, row })
    if (Object.keys(info).length > 0) await saveUserInfo(services.db, row.user_id, info)
    if (Object.keys(base).length > 0) await updateBaseRow(services.db, row.user_id, base)
    if (contacts.isReplaced || Object.keys(info).length + Object.keys(base).length > 0) updated++
  }
  return { updated, problems }
}

function changedInfo(user: ImportedUser, row: KnownUser): Partial<UserInfoRow> {
  const change: Partial<UserInfoRow> = {}
  if (user.nickname !== '' && user.nickname !== row.user_nickname) change.user_nickname = user.nickname
  if (user.avatar !== '' && user.avatar !== row.user_avatar) change.user_avatar = user.avatar
  if (user.state !== undefined && user.state !== row.user_state) change.user_state = user.state
  if (user.gender !== undefined && user.gender !== row.user_gender) change.user_gender = user.gender
  if (user.birthday !== undefined && user.birthday !== dayOf(row.user_birthday))
    change.user_birthday = user.birthday
  return change
}

function changedBase(
  { passwordCost }: UpdateServices,
  { user, row }: Known,
): Partial<PasswordColumns & { user_created_at: number }> {
  const { registeredAt } = user
  return {
    ...(!isUsedHere(row, passwordCost) && differs(user.password, row) && user.password),
    ...(registeredAt !== undefined &&
      registeredAt !== row.user_created_at && { user_created_at: registeredAt }),
  }
}

/**
 * Whether the hash was made here, so that its password is newer than any that the file has. What was made at a cost that
 * was set once and is no more looks as if the old system had made it.
 */
function isUsedHere(row: KnownUser, passwordCost: PasswordCost): boolean {
  return [passwordCost, usualPasswordCost].some((cost) => hasCost(row.user_password, cost))
}

function differs(given: PasswordColumns, row: KnownUser): boolean {
  if (given.user_password === '') return false
  return given.user_password !== row.user_password || given.user_salt !== row.user_salt
}

interface ContactChange {
  readonly info: Partial<UserInfoRow>
  readonly problems: readonly string[]
  /** Whether a claim changed, if only in whether it is verified. */
  readonly isReplaced: boolean
}

async function changeContacts(services: UpdateServices, { user, row }: Known): Promise<ContactChange> {
  let isReplaced = false
  const info: Partial<UserInfoRow> = {}
  const problems: string[] = []
  for (const claim of contactClaims(user, row.user_id, services.now())) {
    const outcome = await replaceContact(services.db, claim)
    if (outcome.is === 'refused') {
      problems.push(`${claim.column}: ${outcome.problem}; left as it is`)
      continue
    }
    if (outcome.is === 'replaced') isReplaced = true
    if (claim.column === 'email' && user.email !== row.user_email) info.user_email = user.email
    const intl = `+${user.mobile?.area ?? ''}`
    if (claim.column === 'mobile' && (user.mobile?.number !== row.user_mobile || intl !== row.user_intl))
      Object.assign(info, { user_mobile: user.mobile?.number, user_intl: intl })
  }
  return { info, problems, isReplaced }
}

type Replacement = { readonly is: 'replaced' | 'same' } | { readonly is: 'refused'; readonly problem: string }

/** Gives the user what the file has, or says why that can't be. */
async function replaceContact(db: Knex, { row }: Claim): Promise<Replacement> {
  const [owner] = await findIdentities(db, [row])
  if (owner && owner.user_id !== row.user_id)
    return { is: 'refused', problem: 'belongs to another user already' }
  const provedAt = await findProof(db, row.kind, row.user_id)
  if (owner && (row.verified_at === null || (provedAt ?? null) !== null)) return { is: 'same' }
  if (provedAt && (row.verified_at ?? 0) <= provedAt)
    return { is: 'refused', problem: 'another was proved here' }
  await replaceClaim(db, row)
  return { is: 'replaced' }
}
