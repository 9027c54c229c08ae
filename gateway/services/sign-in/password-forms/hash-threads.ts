import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Computations } from './hash-computations.js'

/** What a thread is asked for. */
export interface HashTask {
  readonly name: keyof Computations
  readonly given: readonly unknown[]
}

/** What it answers. */
export type HashAnswer = { readonly result: unknown } | { readonly error: unknown }

interface WaitingTask extends HashTask {
  resolve(result: unknown): void
  reject(error: unknown): void
}

/** More hashes at once than there are cores only make all of them slower. */
const mostThreads = availableParallelism()

/** Those of this process, each started when a hash finds the others busy; they keep no process alive that waits for nothing. */
const idle: Worker[] = []
const busy = new Map<Worker, WaitingTask>()
const waiting: WaitingTask[] = []

/**
 * Computes a hash in a thread of lower priority: Node's own pool would take the cores from the thread that answers everybody.
 *
 * @throws what the computation throws, or the error that its thread ended with
 */
export function computeHash<Name extends keyof Computations>(
  name: Name,
  ...given: Parameters<Computations[Name]>
): Promise<Awaited<ReturnType<Computations[Name]>>> {
  return new Promise((resolve, reject) => {
    waiting.push({ name, given, resolve, reject })
    giveNext()
  })
}

function giveNext(): void {
  if (waiting.length === 0) return
  const thread = idle.pop() ?? (busy.size < mostThreads ? startThread() : undefined)
  const task = thread && waiting.shift()
  if (!task) return
  busy.set(thread, task)
  thread.ref()
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  thread.postMessage({ name: task.name, given: task.given } satisfies HashTask)
}

function startThread(): Worker {
  const file = `./hash-thread${extname(fileURLToPath(import.meta.url))}`
  const thread = new Worker(new URL(file, import.meta.url))
  thread.on('message', (answer: HashAnswer) => {
    const task = busy.get(thread)
    busy.delete(thread)
    thread.unref()
    idle.push(thread)
    if ('error' in answer) task?.reject(answer.error)
    else task?.resolve(answer.result)
    giveNext()
  })
  // It ends after this.
  thread.on('error', (error) => {
    busy.get(thread)?.reject(error)
    busy.delete(thread)
    giveNext()
  })
  return thread
}
