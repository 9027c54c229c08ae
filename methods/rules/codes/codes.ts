import { randomBytes, randomInt } from 'node:crypto'
import { countWrongTry, deleteCode, lockCode, replaceCode } from '../../../db/sent-codes.js'
import { transaction } from '../../../db/transaction.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { type ChannelAddress, noteBudget, type Sender, sendLimits } from '../limits/sends.js'
import { giveBackLimits, lockLimits, spendLimits, type UsageLimit } from '../limits/usage.js'

/** Wrong tries after which a code is dead. */
const triesPerCode = 5

export interface CodeRequest {
  readonly address: ChannelAddress
  readonly sender: Sender
  /** What the code may be used for; absent: anything. */
  readonly purpose?: string
  /** Hands the code to the vendor. Throws SEND_FAILED. */
  deliver(code: string): Promise<void>
}

/**
 * Makes a code, stores it in place of the address's former one, and delivers it; waits for the vendor. Throws
 * TOO_MANY_REQUESTS when a limit is reached, SEND_FAILED when the vendor fails: then the code is not left valid, and
 * the try counts for the gap and the caller's address only.
 */
export async function sendCode(services: Services, request: CodeRequest): Promise<void> {
  const { config, vault } = services
  const { address, sender, purpose = '' } = request
  const length = sender.app?.codeLength ?? config.codes.length
  const code = randomCode(length)
  const codeId = randomBytes(12).toString('hex')
  const limits = sendLimits(services, address, sender)
  const spent = await transaction(services, async (services) => {
    const spent = await spendLimits(services, [...limits.perTry, ...limits.perMessage])
    await replaceCode(services.db, {
      address,
      code_id: codeId,
      digest: vault.digest('sent-code', `${address} ${code}`),
      purpose,
      code_length: length,
      wrong_tries: 0,
      expires_at: services.clock.now() + config.codes.minutes * 60_000,
    })
    return spent
  })
  try {
    await request.deliver(code)
  } catch (error) {
    await transaction(services, async (services) => {
      await deleteCode(services.db, address, codeId)
      await giveBackLimits(services, limits.perMessage)
    })
    throw error
  }
  noteBudget(services, spent)
}

/** No leading zero: clients treat codes as numbers (passport.md §4). */
function randomCode(length: number): string {
  return String(randomInt(10 ** (length - 1), 10 ** length))
}

/**
 * Uses up the address's code if it is this one. Throws VALID_CODE_TIMEOUT_CODE when the number's budget of wrong
 * tries or the code's own is spent, even for the right code, else VALID_ERROR. A try while no code is live costs
 * nothing. Commits by itself: a code stays used whatever the caller does next.
 */
export async function takeCode(
  services: Services,
  address: ChannelAddress,
  code: string,
  purpose = '',
): Promise<void> {
  const outcome = await transaction(services, (services) => tryCode(services, address, code, purpose))
  if (outcome === 'exhausted') throw new GatewayError('VALID_CODE_TIMEOUT_CODE')
  if (outcome === 'wrong') throw new GatewayError('VALID_ERROR')
}

async function tryCode(
  services: Services,
  address: ChannelAddress,
  code: string,
  purpose: string,
): Promise<'right' | 'wrong' | 'exhausted'> {
  const { config, db, vault, clock } = services
  const now = clock.now()
  const sent = await lockCode(db, address)
  const length = sent?.code_length ?? config.codes.length
  const budget = await lockLimits(services, wrongTryLimits(address, length))
  if (budget.exhausted) return 'exhausted'
  if (!sent || now > sent.expires_at) return 'wrong'
  if (sent.wrong_tries >= triesPerCode) return 'exhausted'
  const fitsPurpose = sent.purpose === '' || sent.purpose === purpose
  if (fitsPurpose && vault.digestMatches('sent-code', `${address} ${code}`, sent.digest)) {
    await deleteCode(db, address, sent.code_id)
    return 'right'
  }
  await countWrongTry(db, address)
  await budget.spend()
  return 'wrong'
}

/** Wrong tries per number, across codes: sending again does not refill them (account.md §7). */
function wrongTryLimits(address: ChannelAddress, codeLength: number): UsageLimit[] {
  const isShort = codeLength < 6
  const hour = { name: `wrong-hour:${address}`, points: isShort ? 5 : 10, seconds: 3600 }
  return isShort ? [hour, { name: `wrong-day:${address}`, points: 10, seconds: 86_400 }] : [hour]
}
