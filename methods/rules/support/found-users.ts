import {
  type FoundUser,
  listByNickname,
  listFoundUsers,
  listNewestUsers,
  type NicknamePlace,
} from '../../../db/found-users.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { defined } from '../../../gateway/wire/defined-fields.js'
import type { Contracts } from '../../../schemas/contracts.js'
import { shownNumber } from '../contacts/account-mobiles.js'
import { maskEmail, maskNumber, maskProfileName } from '../contacts/masks.js'
import { fromColumns } from '../contacts/mobiles.js'
import { describePicture } from './pictures.js'
import { findUsersByKey, type FoundBy } from './user-keys.js'

type FindServices = Pick<Services, 'db'>

export interface UserSearch {
  /** An id, account, number, e-mail address or the beginning of a nickname; empty: the newest users. */
  readonly query: string
  /** Only where no query is given. */
  readonly state?: number
  /** What the page before answered as `next`. */
  readonly after?: string
  readonly most: number
}

export interface UserPage {
  readonly users: readonly (FoundUser & { readonly foundBy: FoundBy | '' })[]
  /** Where the next page begins; empty for the last. */
  readonly next: string
}

/** A page of users: who has the text as a key first, then by the beginnings of nicknames. Throws PARAM_ERROR. */
export async function findUserPage(services: FindServices, search: UserSearch): Promise<UserPage> {
  const query = search.query.trim()
  const after = readPlace(search.after ?? '')
  if (query === '') return newestPage(services, search, after)
  const exact = await findUsersByKey(services, query)
  const known = new Map(exact.map(({ userId, by }) => [userId, by]))
  const named = await pageOfNames(services, query, { after, most: search.most + exact.length + 1 })
  const rest = named.filter(({ userId }) => !known.has(userId))
  const first = after ? [] : [...known.keys()]
  // Of those whom a nickname finds one is shown at least, or the next page would have no place to begin at.
  const room = Math.max(1, search.most - first.length)
  const shown = rest.slice(0, room)
  const last = rest.length > room ? shown.at(-1) : undefined
  const users = await listFoundUsers(services.db, [...first, ...shown.map(({ userId }) => userId)])
  return {
    users: users.map((user) => ({ ...user, foundBy: known.get(user.user_id) ?? 'nickname' })),
    next: last ? `${last.userId}:${last.nickname}` : '',
  }
}

async function newestPage(
  { db }: FindServices,
  { state, most }: UserSearch,
  after: NicknamePlace | undefined,
): Promise<UserPage> {
  const ids = await listNewestUsers(db, { ...defined({ below: after?.userId, state }), most: most + 1 })
  const shown = ids.slice(0, most)
  const users = await listFoundUsers(db, shown)
  return {
    users: users.map((user) => ({ ...user, foundBy: '' })),
    next: ids.length > most ? String(shown.at(-1)) : '',
  }
}

/** A user in the console's list: what it shows of many is no more than tells them apart. */
export function describeFoundUser(
  services: Pick<Services, 'config'>,
  user: UserPage['users'][number],
): Contracts['manage.console.user.list']['result']['items'][number] {
  const { area } = fromColumns(user.user_intl, '')
  const number = shownNumber(user)
  return {
    user_id: user.user_id,
    user_account: maskProfileName(user.user_account),
    user_nickname: user.user_nickname ?? '',
    avatar: describePicture(services, user.user_avatar ?? ''),
    user_state: user.user_state,
    user_level_name: user.user_level_name ?? '',
    mobile: number === '' ? '' : `+${area} ${maskNumber(number)}`,
    email: maskEmail(user.user_email ?? ''),
    certificate_state: user.user_is_authentication ?? 0,
    user_reg_time: user.registered_at,
    last_sign_in_time: user.last_sign_in_at,
    found_by: user.foundBy,
  }
}

/** A nickname has at most fifty characters. */
const longestNickname = 50

async function pageOfNames(
  { db }: FindServices,
  beginning: string,
  { after, most }: { readonly after: NicknamePlace | undefined; readonly most: number },
): Promise<NicknamePlace[]> {
  if (Array.from(beginning).length > longestNickname) return []
  return listByNickname(db, { beginning, most, ...defined({ after }) })
}

/** `10002`, or `10002:` and the nickname. */
function readPlace(text: string): NicknamePlace | undefined {
  if (text === '') return undefined
  const [, id, nickname = ''] = /^(\d{1,10})(?::(.*))?$/s.exec(text) ?? []
  if (id === undefined) throw new GatewayError('PARAM_ERROR', { detail: 'after: what a page told as next' })
  return { userId: Number(id), nickname }
}
