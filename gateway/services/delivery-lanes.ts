import type { laneOf } from '../../db/delivery-jobs.js'

type Lane = ReturnType<typeof laneOf>

/** As many mails at once as there are connections to the mail server. */
const width = 5

/** What this process delivers at once: a few messages by each channel, and to one address one after the other. */
export interface Lanes {
  /** Whether the channel has room, and nothing is on its way to the address. */
  isFree(lane: Lane): boolean
  run<T>(lane: Lane, work: () => Promise<T>): Promise<T>
  /** Resolves when nothing is on its way. */
  settled(): Promise<void>
}

export function createLanes(): Lanes {
  const running = new Map<string, { readonly channel: Lane['channel']; readonly work: Promise<unknown> }>()
  const hasRoom = (wanted: Lane['channel']) =>
    [...running.values()].filter(({ channel }) => channel === wanted).length < width
  const keyOf = ({ channel, address }: Lane) => `${channel} ${address}`
  return {
    isFree: (lane) => hasRoom(lane.channel) && !running.has(keyOf(lane)),
    run(lane, start) {
      const work = start().finally(() => running.delete(keyOf(lane)))
      running.set(keyOf(lane), { channel: lane.channel, work })
      return work
    },
    async settled() {
      while (running.size > 0) await Promise.allSettled([...running.values()].map(({ work }) => work))
    },
  }
}
