import NodeCache from 'node-cache'
import type { Ready } from '../outcome/ready.js'

/** A short memory of database rows in this process. A write drops the key here at once, and, with Redis, on all nodes. */
export interface Cache {
  /** The cached value, else what `load` finds; `undefined` is not kept. Callers must not change what they get. */
  fetch<T>(key: string, load: () => Promise<T | undefined>): Ready<T | undefined>
  /** Forgets a key on every node; call it after the commit. */
  drop(key: string): void
  /** Hears each key that is dropped here and, through Redis, on other nodes; one of ours perhaps twice. */
  onDrop(listener: (key: string) => void): void
  /** Whether what other nodes drop is heard just now; without Redis it never is. */
  hearsOthers(): boolean
  /** Whether Redis, when configured, answers. */
  isHealthy(): boolean
  close(): void
}

/** How long a node without Redis may show what another node has changed. */
const lifetimeSeconds = 2
const mostKeys = 200_000

/** Tells the other nodes which keys were dropped here, and hears which they dropped. */
export interface DropChannel {
  publish(key: string): void
  listen(forget: (key: string) => void): void
  isHealthy(): boolean
  /** Whether what others publish would be heard just now. */
  isListening(): boolean
  close(): void
}

/** Without `drops` the other nodes show an old value until its short life ends. */
export function createCache(drops?: DropChannel): Cache {
  // Clones cost more than the whole look-up; what is cached is treated as frozen.
  const store = new NodeCache({
    stdTTL: lifetimeSeconds,
    checkperiod: 1,
    useClones: false,
    maxKeys: mostKeys,
  })
  const dropped = new DropMarks()
  const listeners: ((key: string) => void)[] = []
  const forget = (key: string) => {
    dropped.mark(key)
    store.del(key)
    for (const listener of listeners) listener(key)
  }
  drops?.listen(forget)
  const loadInto = async <T>(key: string, load: () => Promise<T | undefined>) => {
    const mark = dropped.current(key)
    const value = await load()
    // A row read before a write that dropped the key must not come back as fresh.
    if (value !== undefined && dropped.current(key) === mark && store.getStats().keys < mostKeys)
      store.set(key, value)
    return value
  }
  return {
    fetch<T>(key: string, load: () => Promise<T | undefined>) {
      const known = store.get<T>(key)
      return known === undefined ? loadInto(key, load) : known
    },
    drop(key) {
      forget(key)
      drops?.publish(key)
    },
    onDrop: (listener) => void listeners.push(listener),
    hearsOthers: () => drops?.isListening() ?? false,
    isHealthy: () => drops?.isHealthy() ?? true,
    close() {
      store.close()
      drops?.close()
    },
  }
}

/** Counts drops in a fixed number of slots, so that a load can see whether a drop overtook it. */
class DropMarks {
  private readonly counts = new Uint32Array(4096)

  mark(key: string): void {
    const slot = this.slot(key)
    this.counts[slot] = this.current(key) + 1
  }

  current(key: string): number {
    return this.counts[this.slot(key)] ?? 0
  }

  private slot(key: string): number {
    let hash = 0
    for (let at = 0; at < key.length; at++) hash = (hash * 31 + key.charCodeAt(at)) | 0
    return (hash >>> 0) % this.counts.length
  }
}
