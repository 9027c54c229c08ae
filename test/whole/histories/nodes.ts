import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type HttpAnswer, fetchAnswer } from '../../fetch-answer.js'
import { signParameters, type TestApp } from '../../harness.js'
import { processKeys } from '../../servers/processes/gateway-process.js'
import { makePrivateFolder, removePrivateFolder } from '../../servers/processes/leftovers.js'
import { freePort, type RunningProcess, startProcess } from '../../servers/processes/process.js'
import { moduleArguments, siblingModule } from '../../servers/processes/this-build.js'

/** Gateway nodes that are killed and started again, and whose clocks are moved together. */
export interface Nodes {
  readonly count: number
  /** Calls a node, or the next that is up; tells which. Rejects when it is killed before it answers. */
  call(node: number, request: NodeRequest): Promise<{ readonly node: number; readonly answer: HttpAnswer }>
  /** Ends a node as a crash would, and begins to start it again. */
  kill(node: number): Promise<void>
  /** Moves the clocks of all nodes ahead. */
  pass(seconds: number): void
  close(): Promise<void>
}

export interface NodeRequest {
  /** A method of the gateway, signed by an application, or a REST path's. */
  readonly method: string
  readonly verb?: 'GET' | 'POST'
  readonly params: Readonly<Record<string, string>>
}

/** What the nodes run on; each may have a database server of its own. */
export interface NodePlaces {
  readonly databases: readonly string[]
  /** Variables of each node; of all where one is given. */
  readonly env: readonly Readonly<Record<string, string>>[]
  readonly app: TestApp
}

interface Node {
  readonly url: string
  readonly variables: Readonly<Record<string, string>>
  process: RunningProcess | undefined
  starting: Promise<void>
}

const environment = {
  ...processKeys,
  NODE_ENV: 'test',
  HOST: '127.0.0.1',
  SMS_PROVIDER: 'outbox',
  LOG_LEVEL: 'error',
  PASSWORD_COST: 'm=8,t=1,p=1',
  TRUST_PROXY: '127.0.0.1',
  LIMIT_IP_SCALE: '100000',
  CODE_PER_DAY: '100000000',
}

export async function startNodes({ databases, env, app }: NodePlaces): Promise<Nodes> {
  const folder = makePrivateFolder('histories')
  const clockFile = join(folder, 'clock')
  let ahead = 0
  writeFileSync(clockFile, '0')
  const nodes = await Promise.all(
    databases.map(async (database, place): Promise<Node> => {
      const port = await freePort()
      const url = `http://127.0.0.1:${port}`
      const variables = {
        DATABASE_URL: database,
        PORT: `${port}`,
        CLOCK_FILE: clockFile,
        DATA_DIR: join(folder, `${place}`),
        ...(env[place] ?? env[0]),
      }
      const node: Node = { url, variables, process: undefined, starting: Promise.resolve() }
      node.starting = start(node)
      return node
    }),
  )
  await Promise.all(nodes.map(({ starting }) => starting))
  return {
    count: nodes.length,
    async call(wanted, request) {
      const place = await placeOf(nodes, wanted)
      return { node: place, answer: await ask(nodes[place]?.url ?? '', app, request) }
    },
    async kill(place) {
      const node = nodes[place % nodes.length]
      const running = node?.process
      if (!node || !running) return
      node.process = undefined
      await running.kill()
      node.starting = start(node)
      // Whoever waits for the node is told.
      node.starting.catch(() => {})
    },
    pass(seconds) {
      ahead += seconds * 1000
      writeFileSync(clockFile, `${ahead}`)
    },
    async close() {
      await Promise.allSettled(nodes.map(({ starting }) => starting))
      await Promise.all(nodes.map(async (node) => node.process?.stop()))
      await removePrivateFolder(folder)
    },
  }
}

async function start(node: Node): Promise<void> {
  const isReady = async () => (await fetchAnswer(`${node.url}/readyz`)).status === 200
  node.process = await startProcess(
    {
      command: process.execPath,
      args: [...moduleArguments(import.meta.url), siblingModule(import.meta.url, './node-process')],
      env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], ...environment, ...node.variables },
    },
    isReady,
  )
}

/** The wanted node if it is up, else another; waits where none is. */
async function placeOf(nodes: readonly Node[], wanted: number): Promise<number> {
  const places = nodes.map((_, at) => (wanted + at) % nodes.length)
  const up = places.find((place) => nodes[place]?.process)
  if (up !== undefined) return up
  const [first = 0] = places
  await nodes[first]?.starting
  return first
}

let callers = 0

/** Each call comes from a network of its own, so that nobody is known by one. */
function ask(url: string, app: TestApp, { method, verb = 'POST', params }: NodeRequest): Promise<HttpAnswer> {
  callers++
  const address = `${11 + ((callers >> 16) % 80)}.${(callers >> 8) & 255}.${callers & 255}.1`
  const isRest = method.startsWith('front.')
  const target = isRest ? `${url}/${method.replaceAll('.', '/')}` : `${url}/gateway`
  const sent = new URLSearchParams(isRest ? params : signParameters(app, { method, ...params }))
  const headers = { 'X-Real-IP': address }
  return verb === 'GET'
    ? fetchAnswer(`${target}?${sent.toString()}`, { headers })
    : fetchAnswer(target, { method: 'POST', headers, body: sent })
}
