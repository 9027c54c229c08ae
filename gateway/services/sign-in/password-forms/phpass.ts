import { timingSafeEqual } from 'node:crypto'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { SlowHashReader } from './slow-hash.js'

/** What the thread is asked for: the MD5 of a text and the password, and as many more over it and the password. */
export interface PhpassTask {
  readonly id: number
  readonly salt: string
  readonly password: string
  readonly rounds: number
}

export interface PhpassAnswer {
  readonly id: number
  /** 16 bytes. */
  readonly digest: Uint8Array
}

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const form = /^\$[PH]\$([./0-9A-Za-z])([./0-9A-Za-z]{8})([./0-9A-Za-z]{22})$/

/** Portable hashes of phpass: WordPress before 6.8 (`$P$`), phpBB 3 (`$H$`) and others, computed in one thread. */
export function createPhpass(): SlowHashReader {
  const thread = new PhpassThread()
  return (stored) => {
    const [, count = '', salt, key] = form.exec(stored) ?? []
    const power = alphabet.indexOf(count)
    if (salt === undefined || key === undefined || power < 7 || power > 30) return undefined
    const rounds = 2 ** power
    return {
      form: 'phpass',
      family: 'phpass',
      work: rounds,
      async verify(password) {
        const digest = await thread.compute({ salt, password, rounds })
        return timingSafeEqual(Buffer.from(encode(digest)), Buffer.from(key))
      },
      async burn(work) {
        await thread.compute({ salt: '', password: '', rounds: work })
      },
    }
  }
}

/** phpass's own base 64: three bytes to four characters, the lowest bits first. */
function encode(digest: Uint8Array): string {
  let text = ''
  for (let at = 0; at < digest.length; at += 3) {
    const [low = 0, middle, high] = digest.subarray(at, at + 3)
    const bits = low | ((middle ?? 0) << 8) | ((high ?? 0) << 16)
    const characters = middle === undefined ? 2 : high === undefined ? 3 : 4
    for (let part = 0; part < characters; part++) text += alphabet[(bits >> (6 * part)) & 63]
  }
  return text
}

/**
 * Node computes no chain of digests off its thread, so one of its own does, started when the first hash of this form
 * is met. It keeps no process alive that waits for nothing.
 */
class PhpassThread {
  private thread: Worker | undefined
  private last = 0
  private readonly waiting = new Map<number, Waiting>()

  async compute(task: Omit<PhpassTask, 'id'>): Promise<Uint8Array> {
    const thread = (this.thread ??= this.start())
    const id = ++this.last
    thread.ref()
    try {
      return await new Promise<Uint8Array>((resolve, reject) => {
        this.waiting.set(id, { resolve, reject })
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
        thread.postMessage({ id, ...task } satisfies PhpassTask)
      })
    } finally {
      this.waiting.delete(id)
      if (this.waiting.size === 0) thread.unref()
    }
  }

  private start(): Worker {
    const file = `./phpass-thread${extname(fileURLToPath(import.meta.url))}`
    const thread = new Worker(new URL(file, import.meta.url))
    thread.on('message', ({ id, digest }: PhpassAnswer) => this.waiting.get(id)?.resolve(digest))
    thread.on('error', (error) => {
      this.thread = undefined
      for (const waiting of this.waiting.values()) waiting.reject(error)
    })
    return thread
  }
}

interface Waiting {
  resolve(digest: Uint8Array): void
  reject(error: unknown): void
}
