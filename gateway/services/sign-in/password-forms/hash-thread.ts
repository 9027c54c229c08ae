// A thread of hash-threads.ts: it computes one hash after the other, and lets the calls that need none go first.
import { parentPort } from 'node:worker_threads'
import { letOthersGoFirst } from '../../thread-priority.js'
import { computations } from './hash-computations.js'
import type { HashAnswer, HashTask } from './hash-threads.js'

letOthersGoFirst()

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
parentPort?.on('message', (task: HashTask) => void answer(task).then((told) => parentPort?.postMessage(told)))

async function answer({ name, given }: HashTask): Promise<HashAnswer> {
  const compute = computations[name] as (...given: readonly unknown[]) => unknown
  try {
    return { result: await compute(...given) }
  } catch (error) {
    return { error }
  }
}
