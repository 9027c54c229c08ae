import { GatewayError } from '../../errors.js'
import type { Clock } from '../clock.js'
import type { Log } from '../log.js'
import { MessageRefused, type Sms, type SmsSender, vendorPatience } from './sms-sender.js'

/** What all vendors together may take, in milliseconds. */
const wholePatience = 9000
/** Failures in a row after which a vendor is left out, and for how many milliseconds. */
const failuresInARow = 3
const restMilliseconds = 30_000

interface Vendor {
  readonly sender: SmsSender
  failures: number
  /** Left out until then; 0 for a vendor that works. */
  restsUntil: number
}

/**
 * Several vendors as one: a message goes to the first, and to the next when one fails or is too slow. A vendor that
 * failed three times in a row is left out for 30 s; after that one message tries it while the others keep away. When
 * all are left out, the one whose rest ends first is tried. Throws SEND_FAILED with the details of all tries.
 */
export function createFailover(
  senders: readonly SmsSender[],
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): SmsSender {
  const vendors = senders.map((sender): Vendor => ({ sender, failures: 0, restsUntil: 0 }))

  const noteFailure = (vendor: Vendor): void => {
    vendor.failures += 1
    if (vendor.failures < failuresInARow) return
    vendor.restsUntil = clock.now() + restMilliseconds
    if (vendor.failures > failuresInARow) return
    const { provider } = vendor.sender
    log.warn(
      { provider, count: vendor.failures },
      'a vendor of text messages failed several times in a row and is left out for a while',
    )
  }
  const tryVendor = async (vendor: Vendor, sms: Sms, patience: number): Promise<unknown> => {
    const { restsUntil } = vendor
    // Whoever comes next leaves the vendor alone until this try has shown whether it works again.
    if (restsUntil > 0) vendor.restsUntil = clock.now() + restMilliseconds
    try {
      await vendor.sender.send(sms, patience)
    } catch (error) {
      // A refused message shows nothing, so that the next one is to find out.
      if (error instanceof MessageRefused) vendor.restsUntil = restsUntil
      else noteFailure(vendor)
      return error
    }
    vendor.failures = 0
    vendor.restsUntil = 0
    return undefined
  }
  return {
    provider: senders.map(({ provider }) => provider).join(','),
    async send(sms, patience = wholePatience) {
      const candidates = candidatesAt(vendors, clock.now())
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

function candidatesAt(vendors: readonly Vendor[], now: number): readonly Vendor[] {
  const working = vendors.filter(({ restsUntil }) => restsUntil <= now)
  return working.length > 0 ? working : vendors.toSorted((a, b) => a.restsUntil - b.restsUntil).slice(0, 1)
}
