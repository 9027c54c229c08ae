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

/**
 * The most threads of this process: more than there are cores only make all hashes slower, and each takes some ten MiB beside
 * those of its hash. More cores are for more processes (WORKERS).
 */
export const mostHashThreads = Math.min(availableParallelism(), 4)

/** Milliseconds after which threads that do nothing end, but one. */
const idleTime = 60_000

/** Each is started when a hash finds the others busy; they keep no process alive that waits for nothing. */
const idle: Worker[] = []
const busy = new Map<Worker, WaitingTask>()
const waiting: WaitingTask[] = []
let ending: NodeJS.Timeout | undefined

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
  const thread = idle.pop() ?? startThread()
  const task = thread && waiting.shift()
  if (!task) return
  busy.set(thread, task)
  thread.ref()
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  thread.postMessage({ name: task.name, given: task.given } satisfies HashTask)
}

/** Undefined where there are enough, or the system gives no more: those that are there take what waits. */
function startThread(): Worker | undefined {
  if (busy.size >= mostHashThreads) return undefined
  try {
    return openThread()
  } catch (error) {
    if (busy.size === 0) for (const task of waiting.splice(0)) task.reject(error)
    return undefined
  }
}

function openThread(): Worker {
  const file = `./hash-thread${extname(fileURLToPath(import.meta.url))}`
  const thread = new Worker(new URL(file, import.meta.url))
  thread.on('message', (answer: HashAnswer) => {
    const task = busy.get(thread)
    busy.delete(thread)
    thread.unref()
    idle.push(thread)
    ending ??= setTimeout(endIdle, idleTime).unref()
    if ('error' in answer) task?.reject(answer.error)
    else task?.resolve(answer.result)
    giveNext()
  })
  let reason: unknown = new Error('the thread of a hash ended')
  thread.on('error', (error) => (reason = error))
  thread.once('exit', () => {
    const place = idle.indexOf(thread)
    if (place >= 0) idle.splice(place, 1)
    busy.get(thread)?.reject(reason)
    busy.delete(thread)
    giveNext()
  })
  return thread
}

function endIdle(): void {
  ending = undefined
  for (const thread of idle.splice(1)) void thread.terminate()
}
