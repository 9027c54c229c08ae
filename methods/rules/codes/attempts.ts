import { countWrongTry, lockCodes, type SentCodeRow, takeWithOlder } from '../../../db/sent-codes.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import type { Origin } from '../../../gateway/contract/method.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { isWithinReach } from '../../../gateway/services/clock.js'
import type { Services } from '../../../gateway/services/services.js'
import { countryOf } from '../contacts/textable.js'
import { type ChannelAddress, channelOf, valueOf } from '../limits/addresses.js'
import { lockLimits } from '../limits/locked-usage.js'
import { isFromOwner } from '../limits/networks.js'
import { areExhausted } from '../limits/usage.js'
import { networkOfLimit, ownersTryLimits, triesPerCode, wrongTryLimits } from '../limits/wrong-codes.js'
import { lifetimeOf } from './codes.js'

/** A code that somebody says was sent to an address. */
export interface CodeAttempt {
  readonly address: ChannelAddress
  readonly code: string
  /** What it is to be used for; absent: only what is for anything will do. */
  readonly purpose?: string
  /** What is written together with using it up. */
  readonly whenRight?: (services: InTransaction<Services>) => Promise<void>
}

type Guesser = Pick<Origin, 'app' | 'ip' | 'session'>
type Outcome = 'right' | 'wrong' | 'exhausted'

/**
 * Uses up the address's code if it is this one. Throws VALID_CODE_TIMEOUT_CODE when the budget of wrong tries of the
 * number, the code or the caller's network is spent, even for the right code, else VALID_ERROR. Who calls from where
 * the owner has signed in has a budget besides, which strangers can't spend. A try while no code is live costs
 * nothing. Commits by itself: a code stays used whatever the caller does next.
 */
export async function takeCode(services: Services, attempt: CodeAttempt, guesser: Guesser): Promise<void> {
  const { metrics, log, codeConversion } = services
  const { outcome, spentUp } = await transaction(services, (services) => tryCode(services, attempt, guesser))
  metrics.countCodeCheck(channelOf(attempt.address), outcome)
  if (outcome === 'right' && channelOf(attempt.address) === 'sms')
    codeConversion.countUsed(countryOf(valueOf(attempt.address)))
  if (spentUp !== undefined)
    log.warn({ address: spentUp }, 'wrong codes of this network are not compared for an hour')
  if (outcome === 'exhausted') throw new GatewayError('VALID_CODE_TIMEOUT_CODE')
  if (outcome === 'wrong') throw new GatewayError('VALID_ERROR')
}

async function tryCode(
  services: InTransaction<Services>,
  attempt: CodeAttempt,
  guesser: Guesser,
): Promise<{ readonly outcome: Outcome; readonly spentUp?: string | undefined }> {
  const { config, db } = services
  const { address } = attempt
  const sent = await lockCodes(db, address)
  const live = sent.filter((code) => isLive(services, code))
  const [newest] = live
  const limits = wrongTryLimits(config, { address, codeLength: shortestOf(sent) }, guesser)
  if (!newest) return { outcome: (await areExhausted(services, limits)) ? 'exhausted' : 'wrong' }
  const budget = await lockLimits(services, limits)
  const usable = budget.exhausted ? [] : live.filter(({ wrong_tries }) => wrong_tries < triesPerCode)
  const isSpent = usable.length === 0
  if (isSpent && !(await isFromOwner(services, address, guesser))) return { outcome: 'exhausted' }
  const own = isSpent ? await lockLimits(services, ownersTryLimits(config, newest)) : undefined
  if (own?.exhausted) return { outcome: 'exhausted' }
  const right = (own ? live : usable).find((code) => isRight(services, code, attempt))
  if (right) {
    if (!(await takeWithOlder(db, right))) return { outcome: 'wrong' }
    await attempt.whenRight?.(services)
    return { outcome: 'right' }
  }
  if (own) {
    await own.spend()
    return { outcome: 'wrong' }
  }
  await countWrongTry(db, address)
  return { outcome: 'wrong', spentUp: networkOfLimit(limits, await budget.spend()) }
}

/** The length of the code that is easiest to guess, if there is one. */
function shortestOf(codes: readonly SentCodeRow[]): number | undefined {
  return codes.length === 0 ? undefined : Math.min(...codes.map(({ code_length }) => code_length))
}

function isLive({ clock, config }: Pick<Services, 'clock' | 'config'>, { expires_at }: SentCodeRow): boolean {
  const now = clock.now()
  return now <= expires_at && isWithinReach(expires_at, now, lifetimeOf(config))
}

function isRight({ vault }: Pick<Services, 'vault'>, sent: SentCodeRow, attempt: CodeAttempt): boolean {
  const { address, code, purpose = '' } = attempt
  const fitsPurpose = sent.purpose === '' || sent.purpose === purpose
  return fitsPurpose && vault.digestMatches('sent-code', `${address} ${code}`, sent.digest)
}
