import { GatewayError } from '../../outcome/errors.js'
import { type Breaker, createBreaker } from '../breaker.js'
import type { Clock } from '../clock.js'
import type { Log } from '../telemetry/log.js'
import type { Metrics } from '../telemetry/metrics.js'
import { MessageRefused, type Sms, type SmsSender, vendorPatience } from './sms-sender.js'

/** What all vendors together may take, in milliseconds. */
const wholePatience = 9000

interface Vendor {
  readonly sender: SmsSender
  readonly breaker: Breaker
}

/**
 * Several vendors as one: a message goes to the first, and to the next when one fails or is too slow. A vendor that
 * failed three times in a row is left out for 30 s; after that one message tries it while the others keep away. When
 * all are left out, the one whose rest ends first is tried. Throws SEND_FAILED with the details of all tries.
 */
export function createFailover(
  senders: readonly SmsSender[],
  { clock, log, metrics }: { readonly clock: Clock; readonly log: Log; readonly metrics: Metrics },
): SmsSender {
  const vendors = senders.map((sender): Vendor => {
    const { provider } = sender
    const warn = (count: number): void =>
      log.warn(
        { provider, count },
        'a vendor of text messages failed several times in a row and is left out for a while',
      )
    return { sender, breaker: createBreaker(clock, warn) }
  })
  const gauge = {
    name: 'gateway_sms_resting',
    help: 'Whether a vendor of text messages is left out for a while, 1 or 0',
    label: 'provider',
  }
  metrics.watchEach(gauge, () =>
    vendors.map(({ sender, breaker }) => [sender.provider, breaker.isResting() ? 1 : 0]),
  )
  return {
    provider: senders.map(({ provider }) => provider).join(','),
    async send(sms, patience = wholePatience) {
      const candidates = candidatesOf(vendors)
      // Equal shares, so that the last one too has its time, and all together keep to theirs.
      const share = Math.min(vendorPatience, patience / candidates.length)
      const details: string[] = []
      for (const vendor of candidates) {
        const error = await tryVendor(vendor, sms, share)
        if (error === undefined) return
        const detail = error instanceof GatewayError ? error.detail : undefined
        details.push(detail ?? `${vendor.sender.provider}: failed`)
      }
      throw new GatewayError('SEND_FAILED', { detail: details.join('; ') })
    },
  }
}

async function tryVendor({ sender, breaker }: Vendor, sms: Sms, patience: number): Promise<unknown> {
  const attempt = breaker.begin()
  try {
    await sender.send(sms, patience)
  } catch (error) {
    if (error instanceof MessageRefused) attempt.learnNothing()
    else attempt.fail()
    return error
  }
  attempt.succeed()
  return undefined
}

function candidatesOf(vendors: readonly Vendor[]): readonly Vendor[] {
  const working = vendors.filter(({ breaker }) => !breaker.isResting())
  if (working.length > 0) return working
  return vendors.toSorted((a, b) => a.breaker.restsUntil - b.breaker.restsUntil).slice(0, 1)
}
