import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDeployDocument } from '../deploy-documents.js'
import { makePrivateFolder, removePrivateFolder } from '../processes/leftovers.js'
import { findProgram, freePort, startProcess } from '../processes/process.js'

/** An alarm that waits for its time, or fires. */
interface Alert {
  readonly labels: Readonly<Record<string, string>>
  readonly state: 'pending' | 'firing'
}

/** A real Prometheus that reads nodes and judges the alarms. */
export interface Prometheus {
  alerts(): Promise<readonly Alert[]>
  /** The series that an expression has now. */
  query(expression: string): Promise<readonly { readonly metric: Readonly<Record<string, string>> }[]>
  stop(): Promise<void>
}

interface Answer {
  readonly status: string
  readonly error?: string
  readonly data: unknown
}

/**
 * Starts one with the configuration and the rules of a folder as they stand, but for the nodes and for who is told.
 *
 * @param targets as `host:port`, as is the Alertmanager
 */
export async function startPrometheus(
  documents: string,
  targets: readonly string[],
  token: string,
  alertmanager: string,
): Promise<Prometheus> {
  const folder = makePrivateFolder('prometheus')
  const tokenFile = join(folder, 'token')
  writeFileSync(tokenFile, token)
  cpSync(join(documents, 'alerts.yml'), join(folder, 'alerts.yml'))
  const list = targets.map((target) => `          - ${target}\n`).join('')
  const config = readDeployDocument('prometheus.yml', [
    ['/etc/prometheus/passport-metrics-token', tokenFile],
    ['          - node-1:8080\n          - node-2:8080\n', list],
    ['localhost:9093', alertmanager],
  ])
  writeFileSync(join(folder, 'prometheus.yml'), config)
  const url = `http://127.0.0.1:${await freePort()}`
  const ask = async (path: string): Promise<unknown> => {
    const answer = (await (await fetch(`${url}/api/v1${path}`)).json()) as Answer
    if (answer.status !== 'success') throw new Error(`${path}: ${answer.error ?? answer.status}`)
    return answer.data
  }
  const running = await startProcess(
    {
      command: findProgram('prometheus') ?? 'prometheus',
      args: [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${url.slice('http://'.length)}`,
      ],
    },
    async () => (await fetch(`${url}/-/ready`)).ok,
  )
  return {
    alerts: async () => ((await ask('/alerts')) as { readonly alerts: readonly Alert[] }).alerts,
    query: async (expression) => {
      const data = await ask(`/query?query=${encodeURIComponent(expression)}`)
      return (data as { readonly result: Awaited<ReturnType<Prometheus['query']>> }).result
    },
    async stop() {
      await running.stop()
      await removePrivateFolder(folder)
    },
  }
}
