import { startProxy } from '../../../gateway/move/proxy/proxy.js'
import { keyOf } from '../../../gateway/move/record/key.js'
import { startRecorder } from '../../../gateway/move/record/recorder.js'
import type { OldGateway } from '../../servers/old-gateway/old-gateway.js'
import { makeTraffic, type TrafficOptions } from '../../servers/old-gateway/traffic.js'
import { startTap } from './tap.js'

/** The key of all records of these tests, so that pseudonyms are the same in every run. */
export const recordKey = keyOf(Buffer.alloc(32, 7))

export interface Recording {
  readonly recorded: number
  /** Digests of the answers that the old server sent, and of those that the clients got. */
  readonly sent: readonly string[]
  readonly received: readonly string[]
  /** All that the clients got, as text. */
  readonly text: string
}

/** Records traffic through the proxy, with a tap on both of its sides. */
export async function recordTraffic(
  folder: string,
  old: OldGateway,
  traffic: Pick<TrafficOptions, 'calls' | 'kinds'>,
): Promise<Recording> {
  const failures: unknown[] = []
  const recorder = await startRecorder({
    folder,
    key: recordKey,
    rotateAt: 1e9,
    mostBytes: 1e10,
    sample: 1,
    methods: [],
    failed: (reason) => failures.push(reason),
  })
  const behind = await startTap(old.url)
  const proxy = await startProxy({
    host: '127.0.0.1',
    port: 0,
    upstream: () => new URL(behind.url),
    observe: recorder.observe,
    tellsAddress: true,
    warn: (text) => failures.push(text),
  })
  const before = await startTap(proxy.url)
  await makeTraffic({ ...traffic, url: before.url, old })
  await proxy.close()
  await recorder.close()
  await Promise.all([before.close(), behind.close()])
  if (failures.length > 0) throw new Error(`the recorder failed: ${String(failures[0])}`)
  const { recorded } = recorder.figures
  return { recorded, sent: behind.answers, received: before.answers, text: before.text() }
}
