import { BlockList, isIP } from 'node:net'
import { isAddressRange } from '../../../config/formats.js'
import { BoundedMap } from '../../../db/bounded-map.js'

/** To look an address up takes longer than to read a user: those of late are remembered. */
const mostRemembered = 1000

/** Addresses and CIDR ranges, IPv4 and IPv6. */
export class AddressList {
  readonly #ranges = new BlockList()
  readonly #known = new BoundedMap<string, boolean>(mostRemembered)

  /** Throws for what is neither an address nor a range. */
  constructor(addresses: readonly string[]) {
    for (const text of addresses) {
      // Stricter than BlockList, to which `10.0.0.0/` is all addresses there are.
      if (!isAddressRange(text)) throw new Error(`${text} is neither an address nor a CIDR range`)
      const [address = '', bits] = text.split('/')
      const kind = isIP(address) === 6 ? 'ipv6' : 'ipv4'
      if (bits === undefined) this.#ranges.addAddress(address, kind)
      else this.#ranges.addSubnet(address, Number(bits), kind)
    }
  }

  /** Whether an address is one of these; a text that is none is not. */
  has(address: string): boolean {
    const known = this.#known.get(address)
    if (known !== undefined) return known
    const version = isIP(address)
    const isListed = version !== 0 && this.#ranges.check(address, version === 6 ? 'ipv6' : 'ipv4')
    this.#known.set(address, isListed)
    return isListed
  }
}
