import { setTimeout as sleep } from 'node:timers/promises'
import { fetchAnswer } from '../../fetch-answer.js'
import { signParameters, type TestApp } from '../../harness.js'
import {
  type BesideConnection,
  connectBeside,
  type GatewayProcess,
  startGatewayProcess,
} from '../../servers/processes/gateway-process.js'
import { freePort } from '../../servers/processes/process.js'

export const metricsToken = 'metrics-token-of-the-alarms'

const usual = { METRICS_TOKEN: metricsToken, SMS_CONVERSION_LEAST: '0', CODE_GAP: '0', LOG_LEVEL: 'error' }

/** A node with a database of its own, and what calls it. */
export interface Node {
  readonly target: string
  /** Of its database. */
  readonly url: string
  readonly beside: BesideConnection
  process(): GatewayProcess
  /** Ends the process, and starts one at the same place. */
  restart(env?: Readonly<Record<string, string>>): Promise<void>
  call(method: string, params: Readonly<Record<string, string>>): Promise<void>
  signIn(): Promise<void>
  /** Callers that make a call again and again, with a pause after each, until the node is stopped. */
  load(callers: number, pause: number, call: (node: Node) => Promise<void>): void
  stop(): Promise<void>
}

export async function startNode(url: string, env: Readonly<Record<string, string>> = {}): Promise<Node> {
  const PORT = String(await freePort())
  const beside = await connectBeside({ url })
  const app: TestApp = await beside.addApp({ name: 'web' })
  const start = (more: Readonly<Record<string, string>> = {}) =>
    startGatewayProcess({ url }, { ...usual, ...env, ...more, PORT }, isAlive)
  let process = await start()
  const callers: Promise<void>[] = []
  const state = { isStopped: false }
  const get = async (path: string) => {
    // Whatever comes of it: it is Prometheus that is to see.
    await fetchAnswer(`http://127.0.0.1:${PORT}${path}`).catch(() => sleep(100))
  }
  let account = 0
  const node: Node = {
    url,
    target: `127.0.0.1:${PORT}`,
    beside,
    process: () => process,
    async restart(more) {
      await process.stop()
      process = await start(more)
    },
    call: (method, params) =>
      get(`/gateway?${new URLSearchParams(signParameters(app, { method, ...params })).toString()}`),
    signIn: () => get(`/front/account/login/login?user_account=user${account++}&password=wrong123`),
    load(count, pause, call) {
      const again = async () => {
        while (!state.isStopped) {
          await call(node)
          await sleep(pause)
        }
      }
      callers.push(...Array.from({ length: count }, again))
    },
    async stop() {
      state.isStopped = true
      await Promise.all(callers)
      await process.kill()
      await beside.close()
    },
  }
  // Some calls that succeed, and some that are refused, as on a quiet day.
  node.load(1, 500, (node) => node.call('web.passport.getUserHabits', { uid: String(++account + 1e6) }))
  return node
}

/** Not more: one of them can't be ready. */
async function isAlive(url: string): Promise<boolean> {
  return (await fetch(`${url}/healthz`, { headers: { Connection: 'close' } })).ok
}

let lastNumber = 0
/** A code to a number that had none. */
export const sendCode = (node: Node) =>
  node.call('web.passport.sendcode', { area: '86', mobile: `139${String(++lastNumber).padStart(8, '0')}` })
