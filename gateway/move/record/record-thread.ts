// The thread that redacts exchanges and writes them, so that it takes no time from the calls that pass.
import { parentPort, workerData } from 'node:worker_threads'
import { letOthersGoFirst } from '../../services/thread-priority.js'
import { withBuffers } from '../traffic/exchange.js'
import { openLines } from './lines.js'
import type { FromRecordThread, RecordSettings, ToRecordThread } from './messages.js'

letOthersGoFirst()

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
const tell = (message: FromRecordThread): void => parentPort?.postMessage(message)

const lines = await openLines(workerData as RecordSettings, tell)
parentPort?.on('message', (message: ToRecordThread) => {
  if (message.kind === 'exchanges') lines.add(message.exchanges.map(withBuffers))
  // With nobody to hear from, the thread ends.
  else void lines.close().then(() => parentPort?.close())
})
tell({ kind: 'ready' })
