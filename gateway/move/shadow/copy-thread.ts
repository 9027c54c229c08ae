import { EventEmitter, once } from 'node:events'
import { extname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { bytesOf, type Exchange } from '../traffic/exchange.js'
import type { CopyFigures, CopySettings } from './copy-settings.js'
import type { FromThread, ToThread } from './thread-messages.js'

/** The thread that copies calls. Whatever becomes of it, nobody waits for it, and it holds so much and no more. */
export interface CopyThread {
  /** Resolves when it copies, or some time later where it does not come to that. */
  ready(): Promise<void>
  /** Hands over an exchange; false where the thread does not follow, or is not there. */
  give(exchange: Exchange): boolean
  /** What the thread has found so far, or the last that is known. */
  figures(): Promise<CopyFigures | undefined>
  /** Lets it end what it has begun, for so many milliseconds at most. */
  close(patience: number): Promise<CopyFigures | undefined>
}

/** Exchanges that the thread has not taken yet, and their bytes. */
const mostGiven = 5000
const mostBytes = 64 * 1024 * 1024
/** MiB that it may use. */
const mostMemory = 512
/** Milliseconds without a sign, while it has something to take, after which it is taken for stuck. */
const stuckAfter = 20_000
const restartAfter = 1000
const answerPatience = 5000
const startPatience = 30_000

/** Starts it, and starts another one in place of one that dies or is stuck; `lost` is told of each. */
export function startCopyThread(settings: CopySettings, lost: (reason: string) => void): CopyThread {
  const state: State = {
    thread: undefined,
    given: 0,
    bytes: 0,
    sign: Date.now(),
    last: undefined,
    isClosing: false,
  }
  const waiting = new Set<(figures: CopyFigures) => void>()
  const signal = new EventEmitter()
  const ready = Promise.race([once(signal, 'ready'), sleep(startPatience, undefined, { ref: false })])
  const start = () => {
    const file = `./shadow-thread${extname(fileURLToPath(import.meta.url))}`
    const thread = new Worker(new URL(file, import.meta.url), {
      workerData: settings,
      resourceLimits: { maxOldGenerationSizeMb: mostMemory },
    })
    Object.assign(state, { thread, given: 0, bytes: 0, sign: Date.now() })
    thread.on('message', (message: FromThread) => {
      state.sign = Date.now()
      if (message.kind === 'ready') {
        signal.emit('ready')
        return
      }
      if (message.kind === 'taken') {
        state.given--
        state.bytes -= message.bytes
        return
      }
      state.last = message.figures
      for (const tell of waiting) tell(message.figures)
    })
    let reason = 'it ended'
    thread.on('error', (error) => (reason = error.message))
    thread.on('exit', () => {
      if (state.thread === thread) state.thread = undefined
      if (state.isClosing) return
      lost(reason)
      setTimeout(start, restartAfter).unref()
    })
  }
  start()
  const watch = setInterval(() => endIfStuck(state), 1000)
  watch.unref()
  const ask = (kind: 'report' | 'close', patience: number) => {
    const { thread } = state
    if (thread === undefined) return Promise.resolve(state.last)
    return new Promise<CopyFigures | undefined>((resolve) => {
      const end = (figures = state.last) => {
        waiting.delete(end)
        clearTimeout(late)
        resolve(figures)
      }
      const late = setTimeout(end, patience)
      waiting.add(end)
      post(thread, { kind })
    })
  }
  return {
    give(exchange) {
      const { thread } = state
      const bytes = bytesOf(exchange)
      if (thread === undefined || state.given >= mostGiven || state.bytes + bytes > mostBytes) return false
      if (state.given++ === 0) state.sign = Date.now()
      state.bytes += bytes
      post(thread, { kind: 'exchange', exchange, bytes })
      return true
    },
    ready: async () => void (await ready),
    figures: () => ask('report', answerPatience),
    async close(patience) {
      const figures = await ask('close', patience)
      state.isClosing = true
      clearInterval(watch)
      await state.thread?.terminate()
      return figures
    },
  }
}

interface State {
  /** Undefined while another one is to be started. */
  thread: Worker | undefined
  given: number
  bytes: number
  /** When the thread last showed that it works; milliseconds. */
  sign: number
  last: CopyFigures | undefined
  isClosing: boolean
}

function endIfStuck({ thread, given, sign }: State): void {
  if (given > 0 && Date.now() - sign > stuckAfter) void thread?.terminate()
}

function post(thread: Worker, message: ToThread): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  thread.postMessage(message)
}
