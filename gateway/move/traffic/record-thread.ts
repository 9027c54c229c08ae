// The thread that redacts exchanges and writes them, so that it takes no time from the calls that pass.
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { withBuffers } from './exchange.js'
import { openLines } from './record-lines.js'
import type { FromRecordThread, RecordSettings, ToRecordThread } from './record-messages.js'

// The calls go first. On Linux a thread has a priority of its own; elsewhere this would be the whole process's.
if (process.platform === 'linux') setPriority(10)

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
const tell = (message: FromRecordThread): void => parentPort?.postMessage(message)

const lines = await openLines(workerData as RecordSettings, tell)
parentPort?.on('message', (message: ToRecordThread) => {
  if (message.kind === 'exchanges') lines.add(message.exchanges.map(withBuffers))
  // With nobody to hear from, the thread ends.
  else void lines.close().then(() => parentPort?.close())
})
tell({ kind: 'ready' })
