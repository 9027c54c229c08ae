import { randomBytes, randomInt } from 'node:crypto'
import { deleteCode, deleteFormerCodes, insertCode } from '../../../db/sent-codes.js'
import { transaction } from '../../../db/transaction.js'
import type { Services } from '../../../gateway/services/services.js'
import type { ChannelAddress } from '../limits/addresses.js'
import { grantSend } from '../limits/sends.js'
import type { Sender } from '../limits/send-limits.js'

export interface CodeRequest {
  readonly address: ChannelAddress
  readonly sender: Sender
  /** What the code may be used for; absent: anything. */
  readonly purpose?: string
  /** Hands the code to the vendor. Throws SEND_FAILED. */
  deliver(code: string): Promise<void>
}

/**
 * Makes a code and delivers it; waits for the vendor. The address's former code is good until then. Throws
 * TOO_MANY_REQUESTS when a limit is reached, SEND_FAILED when the vendor fails: then the new code is not left valid, the
 * former one stays, and the try counts for the gap and the caller only.
 */
export async function sendCode(services: Services, request: CodeRequest): Promise<void> {
  const { config, vault } = services
  const { address, sender, purpose = '' } = request
  const length = sender.app?.codeLength ?? config.codes.length
  const code = randomCode(length)
  const codeId = randomBytes(12).toString('hex')
  let hasFormer = true
  const granted = await grantSend(services, { address, purpose: 'code', sender }, async ({ db, clock }) => {
    ;({ hasFormer } = await insertCode(db, {
      address,
      code_id: codeId,
      digest: vault.digest('sent-code', `${address} ${code}`),
      purpose,
      code_length: length,
      wrong_tries: 0,
      expires_at: clock.now() + lifetimeOf(config),
    }))
  })
  try {
    await request.deliver(code)
  } catch (error) {
    await transaction(services, async (services) => {
      await deleteCode(services.db, address, codeId)
      await granted.giveBack(services)
    })
    throw error
  }
  if (hasFormer) await forgetFormerCodes(services, address, codeId)
  granted.confirm()
}

/** The text is on its way, whatever becomes of this: the codes before it are then good until they expire, as it is. */
async function forgetFormerCodes(services: Services, address: ChannelAddress, codeId: string): Promise<void> {
  try {
    await deleteFormerCodes(services.db, address, codeId)
  } catch (error) {
    services.log.warn({ error }, 'the codes before one that was delivered could not be removed')
  }
}

/** Milliseconds. */
export function lifetimeOf({ codes }: Services['config']): number {
  return codes.minutes * 60_000
}

/** No leading zero: clients treat codes as numbers (passport.md §4). */
function randomCode(length: number): string {
  return String(randomInt(10 ** (length - 1), 10 ** length))
}
