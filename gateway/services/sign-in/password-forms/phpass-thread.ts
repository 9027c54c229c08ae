import { hash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import type { PhpassAnswer, PhpassTask } from './phpass.js'

const digestBytes = 16

// The thread in which the chains of phpass.ts are computed.
parentPort?.on('message', ({ id, salt, password, rounds }: PhpassTask) => {
  const text = Buffer.from(password)
  const link = Buffer.concat([hash('md5', Buffer.concat([Buffer.from(salt), text]), 'buffer'), text])
  for (let round = 0; round < rounds; round++) link.set(hash('md5', link, 'buffer'))
  const digest = Uint8Array.from(link.subarray(0, digestBytes))
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage({ id, digest } satisfies PhpassAnswer)
})
