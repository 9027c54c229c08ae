// The thread that copies calls, so that nothing it does takes time or memory from the calls that pass.
import { parentPort, workerData } from 'node:worker_threads'
import { withBuffers } from '../traffic/exchange.js'
import type { CopySettings } from './copy-settings.js'
import { createCopier } from './copier.js'
import type { FromThread, ToThread } from './thread-messages.js'

const copier = createCopier(workerData as CopySettings)

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
const tell = (message: FromThread): void => parentPort?.postMessage(message)

parentPort?.on('message', (message: ToThread) => {
  if (message.kind === 'exchange') {
    copier.take(withBuffers(message.exchange))
    tell({ kind: 'taken', bytes: message.bytes })
  } else if (message.kind === 'report') tell({ kind: 'report', figures: copier.figures() })
  else void copier.close().then(() => tell({ kind: 'closed', figures: copier.figures() }))
})

// The candidate has been looked at by then: the first call need not be left out.
void copier.ready().then(() => tell({ kind: 'ready' }))
