import { type AddressKind, findAddressOfUser, findAddressOwner } from '../../../db/address-owners.js'
import { listBindings } from '../../../db/bindings.js'
import type { CallerRow, Credentials } from '../../../db/credentials.js'
import type { Services } from '../../../gateway/services/services.js'
import { passwordKind } from '../../../gateway/services/sign-in/passwords.js'
import { hasPassword, wechatWays } from '../accounts/ways.js'
import { readE164 } from '../contacts/account-mobiles.js'
import { type CountedFailures, readFailures } from '../limits/counted-failures.js'
import {
  type AddressLimit,
  type AddressState,
  type LiveCode,
  readLimits,
  readLiveCodes,
} from './address-use.js'

/** A platform that a user is bound to. */
interface PlatformBinding {
  readonly bindType: number
  /** The way of WeChat, empty for another platform. */
  readonly way: 'official' | 'web' | 'mini' | ''
  readonly nickname: string
  /** Milliseconds, 0: unknown. */
  readonly boundAt: number
  readonly isActive: boolean
}

/** All that decides whether a user can sign in. */
export interface SignInState {
  readonly userState: number
  /** How the password is stored; `none` for no password. */
  readonly passwordKind: string
  /** Whether there is a password, and an account to go with it that the user knows. */
  readonly hasPassword: boolean
  readonly addresses: readonly AddressState[]
  readonly platforms: readonly PlatformBinding[]
  readonly failures: readonly CountedFailures[]
  readonly limits: readonly AddressLimit[]
  readonly codes: readonly LiveCode[]
}

/** Reads it. `shown` is what the user's row holds. */
export async function readSignInState(
  services: Services,
  credentials: Credentials,
  shown: Pick<CallerRow, 'user_intl' | 'user_mobile'> & { readonly user_email: string | null },
): Promise<SignInState> {
  const { user_id: userId } = credentials
  const addresses = [
    await readAddress(services, userId, 'mobile', readE164(shown)),
    await readAddress(services, userId, 'email', shown.user_email?.toLowerCase() || undefined),
  ].filter((address) => address !== undefined)
  const kind = passwordKind(credentials)
  return {
    userState: credentials.user_state,
    passwordKind: kind,
    hasPassword: hasPassword(credentials),
    addresses,
    platforms: await readPlatforms(services, userId),
    failures: await readFailures(services, userId),
    limits: (await Promise.all(addresses.map((address) => readLimits(services, address)))).flat(),
    codes: await readLiveCodes(services, addresses),
  }
}

async function readAddress(
  { db }: Pick<Services, 'db'>,
  userId: number,
  kind: AddressKind,
  shown: string | undefined,
): Promise<AddressState | undefined> {
  const own = await findAddressOfUser(db, kind, userId)
  const value = own?.value ?? shown
  if (value === undefined) return undefined
  const owner = own ?? (await findAddressOwner(db, kind, value))
  const isOwn = owner?.user_id === userId
  return {
    kind,
    value,
    verifiedAt: isOwn ? owner.verified_at : null,
    ownerId: isOwn ? 0 : (owner?.user_id ?? 0),
  }
}

async function readPlatforms({ db }: Pick<Services, 'db'>, userId: number): Promise<PlatformBinding[]> {
  const rows = await listBindings(db, userId)
  return rows
    .filter(({ bind_type }) => bind_type > mostOwnType)
    .map((row) => ({
      bindType: row.bind_type,
      way: wayOf(row.bind_type),
      nickname: row.bind_nickname,
      boundAt: row.bind_time,
      isActive: row.bind_active !== 0,
    }))
}

/** Up to this bindings are numbers, e-mail addresses and accounts (account.md §8). */
const mostOwnType = 10

function wayOf(bindType: number): PlatformBinding['way'] {
  const ways = ['official', 'web', 'mini'] as const
  return ways.find((way) => wechatWays[way].bindType === bindType) ?? ''
}
