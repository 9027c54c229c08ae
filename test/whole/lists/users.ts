import type { TestGateway } from '../../harness.js'
import type { ListedRow } from './reference.js'

/** Ids of the users that the lists are about; nobody else is in the database. */
export const firstUser = 20_001
export const userCount = 60
/** The first two of them. */
export const admin = 20_001
export const owner = 20_002
export const partners = [firstUser + 2, firstUser + 3, firstUser + 4] as const

/** Where every seeded time begins: 2025-01-01 00:00:00 in the configured zone. */
export const dayOne = Date.parse('2025-01-01T00:00:00+08:00')
export const hour = 3_600_000

export const accountOf = (userId: number): string => `account${userId}`

interface SeededUser {
  readonly user_id: number
  /** An imported user may have no row of sign-ins. */
  readonly hasSignedIn: boolean
  readonly at: number
}

const users: readonly SeededUser[] = Array.from({ length: userCount }, (_, at) => ({
  user_id: firstUser + at,
  hasSignedIn: at % 11 !== 10,
  at,
}))

const registeredAt = (at: number) => dayOne + at * 5 * hour

const infoOf = ({ user_id, at }: SeededUser) => ({
  user_id,
  user_account: accountOf(user_id),
  user_nickname: at % 7 === 3 ? '' : `nick ${['red', 'blue', '小明', '😀', '😎'][at % 5]} ${at % 3}`,
  user_state: at < 5 ? 1 : at % 3,
  user_mobile: at % 2 === 0 ? `139${10_000_000 + at}` : '',
  user_intl: '+86',
  user_email: at % 3 === 0 ? `user${at}@example.com` : '',
  user_gender: at % 3,
  user_level_id: at % 4 === 3 ? 0 : 1001 + (at % 4),
  user_realname: ['张三', '李四', 'ann', ''][at % 4] ?? '',
  user_is_authentication: at % 4,
  user_from: 2310 + (at % 6),
})

const loginOf = ({ user_id, at }: SeededUser) => ({
  user_id,
  user_reg_time: at % 8 === 5 ? 0 : registeredAt(at),
  user_lastlogin_time: dayOne + (at % 9) * hour,
  user_count_login: 1 + (at % 6),
})

/** Whoever is in `user_is_authentication` 0 has handed in nothing. */
const submittedAt = ({ at }: SeededUser) => (at % 4 === 0 ? 0 : dayOne + (at % 7) * hour)

export async function seedUsers({ services: { db } }: TestGateway): Promise<void> {
  const identities = users.flatMap((user) => {
    const { user_id, user_mobile, user_email } = infoOf(user)
    const owned = { user_id, verified_at: dayOne, created_at: dayOne }
    return [
      ...(user_mobile ? [{ ...owned, kind: 'mobile', value: `+86${user_mobile}` }] : []),
      ...(user_email ? [{ ...owned, kind: 'email', value: user_email }] : []),
    ]
  })
  const certificates = users.flatMap((user) => {
    const submitted_at = submittedAt(user)
    return submitted_at === 0 ? [] : [{ user_id: user.user_id, sealed_idcard: '', submitted_at }]
  })
  const bases = users.map((user) => ({
    user_id: user.user_id,
    user_account: accountOf(user.user_id),
    user_created_at: registeredAt(user.at),
  }))
  const tables = {
    account_user_base: bases,
    account_user_info: users.map(infoOf),
    account_user_login: users.filter(({ hasSignedIn }) => hasSignedIn).map(loginOf),
    user_identity: identities,
    user_certificate: certificates,
  }
  for (const [table, rows] of Object.entries(tables)) await db.batchInsert(table, rows, 20)
  await db('admin_user_admin').insert({ user_id: admin, user_role_id: 1, user_admin_ctime: dayOne })
}

const neverSignedIn = { user_lastlogin_time: 0, user_count_login: 0 }

/** The users as manage.account.user.list shows them. */
export const userRows: readonly ListedRow[] = users.map((user) => ({
  key: user.user_id,
  time: registeredAt(user.at),
  columns: {
    ...infoOf(user),
    ...(user.hasSignedIn ? loginOf(user) : neverSignedIn),
    user_id: user.user_id,
    user_account: accountOf(user.user_id),
    user_reg_time: registeredAt(user.at),
    certificate_time: submittedAt(user),
  },
}))
