import { randomUUID } from 'node:crypto'
import { Agent, get } from 'node:http'
import { expect } from 'chai'
import type { Knex } from 'knex'
import { insertUser } from '../../../db/users.js'
import { signParameters } from '../../harness.js'
import type { TestDatabase } from '../../servers/databases.js'
import {
  connectBeside,
  type GatewayProcess,
  startGatewayProcess,
} from '../../servers/processes/gateway-process.js'
import { prepared } from '../../suite.js'
import { post, type RaceAnswer, type Sending } from './post.js'

export interface RaceCall {
  readonly method: string
  readonly params: Readonly<Record<string, string>>
  /** Needs TRUST_PROXY. */
  readonly ip?: string
  readonly idempotencyKey?: string
}

export interface Race {
  /** In the order of the calls. */
  readonly answers: readonly RaceAnswer[]
  /** How often each code was answered. */
  readonly codes: Readonly<Record<number, number>>
  /** From the first call to the last answer. */
  readonly seconds: number
}

/**
 * Server processes on one database, as many as it allows: two with MariaDB, one with SQLite, and on a cluster one on each
 * of its nodes, so that calls that follow each other write to different ones.
 */
export interface Track {
  readonly db: Knex
  call(method: string, params: Readonly<Record<string, string>>, ip?: string): Promise<RaceAnswer>
  /**
   * Sends all calls at once, in turn to each process, every call on a connection of its own. Fails when an answer
   * came before the last call had left, and when a server could not cope.
   */
  race(calls: readonly RaceCall[]): Promise<Race>
  addUsers(count: number, passwordHash?: string): Promise<number[]>
  /** Ends the processes. Fails when one has logged an error or does not end in good order. */
  close(): Promise<void>
}

interface Lane {
  readonly url: string
  readonly agent: Agent
}

/** Gives the suite it is called in a track, opened before it and closed after it. */
export function useTrack(database: TestDatabase, env: Readonly<Record<string, string>> = {}): Track {
  return prepared(
    before,
    () => openTrack(database, env),
    (track) => track.close(),
  )
}

/** Starts the processes. `env` overrides any configuration variable. */
export async function openTrack(
  database: TestDatabase,
  env: Readonly<Record<string, string>> = {},
): Promise<Track> {
  const beside = await connectBeside(database)
  const { db } = beside
  const app = await beside.addApp()
  const urls =
    database.nodeUrls ?? (database.kind === 'sqlite' ? [database.url] : [database.url, database.url])
  const processes = await Promise.all(urls.map((url) => startGatewayProcess({ url }, env)))
  const lanes = processes.map(openLane)
  const take = ({ method, params, ip, idempotencyKey }: RaceCall, at: number): Sending => {
    const lane = lanes[at % lanes.length]
    if (!lane) throw new Error('a track has a lane')
    return { ...lane, params: signParameters(app, { method, ...params }), ip, idempotencyKey }
  }
  return {
    db,
    call: (method, params, ip) => post(take({ method, params, ...(ip === undefined ? {} : { ip }) }, 0)),
    async race(calls) {
      for (const lane of lanes) await openConnections(lane, Math.ceil(calls.length / lanes.length))
      return run(calls.map(take))
    },
    addUsers: (count, passwordHash = '') => insertUsers(db, count, passwordHash),
    async close() {
      for (const { agent } of lanes) agent.destroy()
      await Promise.all(processes.map(stopInGoodOrder))
      await beside.close()
    },
  }
}

function openLane({ url }: GatewayProcess): Lane {
  return { url, agent: new Agent({ keepAlive: true, maxFreeSockets: 1000 }) }
}

/** Leaves that many connections open, so that calls need not wait for theirs. */
async function openConnections({ url, agent }: Lane, count: number): Promise<void> {
  const open = () =>
    new Promise<void>((resolve, reject) => {
      get(`${url}/healthz`, { agent }, (response) => response.resume().once('close', resolve)).once(
        'error',
        reject,
      )
    })
  await Promise.all(Array.from({ length: count }, open))
}

async function run(sendings: readonly Sending[]): Promise<Race> {
  let left = 0
  let leftBeforeFirstAnswer = 0
  const milestones = {
    onLeft: () => (left += 1),
    onAnswer: () => (leftBeforeFirstAnswer ||= left),
  }
  const started = performance.now()
  const answers = await Promise.all(sendings.map((sending) => post(sending, milestones)))
  const seconds = (performance.now() - started) / 1000
  expect(leftBeforeFirstAnswer, 'calls that had left before the first answer').to.equal(sendings.length)
  const failed = answers.filter(({ status, code }) => status >= 500 || [500, 998, 999].includes(code))
  expect(failed, 'answers of a server that could not cope').to.deep.equal([])
  const codes: Record<number, number> = {}
  for (const { code } of answers) codes[code] = (codes[code] ?? 0) + 1
  return { answers, codes, seconds }
}

async function insertUsers(db: Knex, count: number, passwordHash: string): Promise<number[]> {
  const ids: number[] = []
  for (let made = 0; made < count; made++)
    ids.push(await insertUser(db, { account: `racer-${randomUUID()}`, passwordHash, createdAt: Date.now() }))
  return ids
}

async function stopInGoodOrder(server: GatewayProcess): Promise<void> {
  const end = await server.stop()
  const errors = server
    .output()
    .split('\n')
    .filter((line) => line !== '' && !/^{"level":[1-4]0,/.test(line))
  expect(errors, 'what a server had to complain about').to.deep.equal([])
  expect(end, 'how a server ended').to.deep.equal({ code: 0, signal: null })
}
