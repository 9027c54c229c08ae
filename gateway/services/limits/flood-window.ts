import { type Clock, isWithinReach } from '../clock.js'

/** Requests by address, counted in this process: asked for every request, before anything of it is read. */
export interface FloodWindow {
  /** Seconds until the address may ask again, or undefined while it stays within its share. */
  exceeded(address: string): number | undefined
}

/** Addresses that are told apart in a window; whoever comes after these shares one share with all others who do. */
const mostAddresses = 100_000
const others = ''

/**
 * `most` requests of an address in `seconds`, in windows that are the same for all addresses: one number each is all
 * there is to keep, and a table that is thrown away as a whole can't be filled up.
 */
export function createFloodWindow(most: number, seconds: number, clock: Clock): FloodWindow {
  let counts = new Map<string, number>()
  let end = 0
  return {
    exceeded(address) {
      const now = clock.now()
      if (now >= end || !isWithinReach(end, now, seconds * 1000)) {
        counts = new Map()
        end = now + seconds * 1000
      }
      const key = counts.size < mostAddresses || counts.has(address) ? address : others
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      return count > most ? Math.max(1, Math.ceil((end - now) / 1000)) : undefined
    },
  }
}
