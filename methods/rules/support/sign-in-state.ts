import { type AddressKind, findAddressOfUser, findAddressOwner } from '../../../db/address-owners.js'
import { listBindings } from '../../../db/bindings.js'
import type { CallerRow, Credentials } from '../../../db/credentials.js'
import { listCodes } from '../../../db/sent-codes.js'
import type { Services } from '../../../gateway/services/services.js'
import { passwordKind } from '../../../gateway/services/sign-in/passwords.js'
import { hasPassword, wechatWays } from '../accounts/ways.js'
import { mailAddress } from '../codes/mail.js'
import { readE164 } from '../contacts/account-mobiles.js'
import type { ChannelAddress } from '../limits/addresses.js'
import { type CountedFailures, readFailures } from '../limits/login-failures.js'
import { sendLimits } from '../limits/sends.js'
import { readUse } from '../limits/usage.js'
import { addressTryLimits } from '../limits/wrong-codes.js'

/** A number or an e-mail address that a user shows or owns. */
interface AddressState {
  readonly kind: AddressKind
  /** E.164, or in lower case. */
  readonly value: string
  /** Milliseconds; null: claimed, and not proved. */
  readonly verifiedAt: number | null
  /** Who has it instead; 0 for nobody else. */
  readonly ownerId: number
}

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

/** A budget of an address: how often codes or links are sent there, and how often they may be tried. */
export interface AddressLimit {
  readonly kind: AddressKind
  readonly what:
    | 'code-gap'
    | 'code-hour'
    | 'code-day'
    | 'recovery-gap'
    | 'recovery-hour'
    | 'recovery-day'
    | 'tries'
  readonly used: number
  readonly points: number
  /** Milliseconds. */
  readonly resetsAt: number
}

/** A code that could be used now. */
interface LiveCode {
  readonly kind: AddressKind
  readonly purpose: string
  readonly wrongTries: number
  /** Milliseconds. */
  readonly expiresAt: number
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

const channelAddress = ({ kind, value }: AddressState): ChannelAddress =>
  kind === 'mobile' ? `sms:${value}` : mailAddress(value)

async function readLimits(services: Services, state: AddressState): Promise<AddressLimit[]> {
  const { kind } = state
  const address = channelAddress(state)
  const { length } = services.config.codes
  const purposes = kind === 'mobile' ? (['code'] as const) : (['code', 'recovery'] as const)
  const named = [
    ...purposes.flatMap((purpose) => {
      const { perTry, perMessage } = sendLimits(services, address, purpose)
      return [...perTry, ...perMessage].map((limit) => {
        const window = limit.seconds === 3600 ? 'hour' : limit.seconds === 86_400 ? 'day' : 'gap'
        return { limit, what: `${purpose}-${window}` as const }
      })
    }),
    ...addressTryLimits(services.config, { address, codeLength: length }).map((limit) => ({
      limit,
      what: 'tries' as const,
    })),
  ]
  const use = await readUse(
    services,
    named.map(({ limit }) => limit),
  )
  return named.flatMap(({ limit, what }, at) => {
    const { used = 0, resetsAt = 0 } = use[at] ?? {}
    return used === 0 ? [] : [{ kind, what, used, points: limit.points, resetsAt }]
  })
}

async function readLiveCodes(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  addresses: readonly AddressState[],
): Promise<LiveCode[]> {
  const kinds = new Map<string, AddressKind>(addresses.map((state) => [channelAddress(state), state.kind]))
  const rows = kinds.size === 0 ? [] : await listCodes(db, [...kinds.keys()])
  return rows.flatMap((row) => {
    const kind = kinds.get(row.address)
    if (kind === undefined || row.expires_at < clock.now()) return []
    return [{ kind, purpose: row.purpose, wrongTries: row.wrong_tries, expiresAt: row.expires_at }]
  })
}
