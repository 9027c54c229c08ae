import type { AddressKind } from '../../../db/address-owners.js'
import { listCodes } from '../../../db/sent-codes.js'
import type { Services } from '../../../gateway/services/services.js'
import { mailAddress } from '../codes/mail.js'
import type { ChannelAddress } from '../limits/addresses.js'
import { sendLimits } from '../limits/send-limits.js'
import { readUse } from '../limits/usage.js'
import { addressTryLimits } from '../limits/wrong-codes.js'

/** A number or an e-mail address that a user shows or owns. */
export interface AddressState {
  readonly kind: AddressKind
  /** E.164, or in lower case. */
  readonly value: string
  /** Milliseconds; null: claimed, and not proved. */
  readonly verifiedAt: number | null
  /** Who has it instead; 0 for nobody else. */
  readonly ownerId: number
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
export interface LiveCode {
  readonly kind: AddressKind
  readonly purpose: string
  readonly wrongTries: number
  /** Milliseconds. */
  readonly expiresAt: number
}

const channelAddress = ({ kind, value }: AddressState): ChannelAddress =>
  kind === 'mobile' ? `sms:${value}` : mailAddress(value)

/** What is used of the budgets of an address. */
export async function readLimits(services: Services, state: AddressState): Promise<AddressLimit[]> {
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

/** The codes that could be used now. */
export async function readLiveCodes(
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
