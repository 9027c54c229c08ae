import { randomBytes } from 'node:crypto'
import { loadConfig } from '../config/config.js'
import { writePasswordCost } from '../config/password-cost.js'
import { claimIdentity, verifyIdentity } from '../db/identities.js'
import { listOutboxMessages, type OutboxMessageRow } from '../db/outbox-messages.js'
import { findCredentials } from '../db/credentials.js'
import { insertUser } from '../db/users.js'
import { type CompiledTable, compileTable } from '../gateway/contract/compile-table.js'
import { createGateway, type Gateway } from '../gateway/gateway.js'
import { methodTable } from '../methods/table.js'
import { emptyParameters, type RawParameters } from '../gateway/wire/query-string.js'
import { type GatewayServer, startServer } from '../gateway/server.js'
import { type RunningServices, startServices } from '../gateway/start/services.js'
import { type NewApp, registerApp } from '../gateway/services/apps/registry.js'
import { createLog } from '../gateway/services/telemetry/log.js'
import { signHmac, signLegacy } from '../gateway/wire/signature.js'
import { fetchAnswer, type HttpAnswer } from './fetch-answer.js'
import { hashCost } from './password-cost.js'
import { makePrivateFolder, removePrivateFolder } from './servers/processes/leftovers.js'

/** Time that a test moves; it goes on by itself too. */
export interface MovableClock {
  now(): number
  advance(milliseconds: number): void
  /** Stands still at a moment from now on. */
  freeze(at: number): void
}

export function createMovableClock(): MovableClock {
  let offset = 0
  let frozen: number | undefined
  return {
    now: () => frozen ?? Date.now() + offset,
    advance(milliseconds) {
      if (frozen === undefined) offset += milliseconds
      else frozen += milliseconds
    },
    freeze: (at) => (frozen = at),
  }
}

export interface CallOptions {
  readonly verb?: 'GET' | 'POST'
  /** Whose signature: an application of `addApp`; `web` if absent; null for an unsigned call. */
  readonly app?: TestApp | null
  readonly headers?: Readonly<Record<string, string>>
}

export interface TestApp {
  readonly name: string
  readonly secret: string
  readonly scheme: 'legacy' | 'hmac-sha256'
}

export interface TestUser {
  readonly uid: number
  readonly password: string
  /** A token of a session started for the user. */
  startSession(): Promise<string>
}

interface NewTestUser {
  readonly password?: string
  /** National number of area 86, verified unless `verified` is false. */
  readonly mobile?: string
  readonly email?: string
  readonly verified?: boolean
  readonly nickname?: string
}

/** The whole gateway on a free port, over a real database, with outboxes instead of the outside world. */
export interface TestGateway {
  readonly url: string
  readonly gateway: Gateway
  readonly server: GatewayServer
  readonly services: RunningServices
  /** The connection of its services. */
  readonly db: RunningServices['db']
  readonly clock: MovableClock
  /** The application `web` (legacy, server trust, all grants), in whose name `call` signs. */
  readonly web: TestApp
  /** Lines logged so far. */
  readonly logLines: readonly string[]
  call(method: string, params?: Record<string, string>, options?: CallOptions): Promise<HttpAnswer>
  request(path: string, init?: RequestInit): Promise<HttpAnswer>
  addApp(app?: Partial<NewApp>): Promise<TestApp>
  addUser(user?: NewTestUser): Promise<TestUser>
  /** Messages to an address (`+8613912345678`, `a@example.com`), newest first, after running the queue. */
  sentTo(address: string): Promise<OutboxMessageRow[]>
  /** The newest code that was texted to a number of area 86. */
  lastCode(mobile: string): Promise<string>
  /** The `code` parameter of the newest link mailed to an address. */
  lastMailToken(email: string): Promise<string>
  close(): Promise<void>
}

const defaults = {
  NODE_ENV: 'test',
  HOST: '127.0.0.1',
  PORT: '0',
  PUBLIC_URL: 'http://passport.test',
  CALLBACK_HOSTS: 'www.example.com',
  DATA_KEY: 'data-key-of-the-tests-at-least-32-long',
  JWT_SECRET: 'jwt-secret-of-the-tests-at-least-32-long',
  LOG_LEVEL: 'info',
  // Tests send much from one address; those of the limits per address set it to 1.
  LIMIT_IP_SCALE: '1000',
}

/** The data of an answer. Throws for one that has none. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what JSON holds only its reader can say
export function dataOf<Data extends object>(json: HttpAnswer['json']): Data {
  if (typeof json?.data !== 'object' || json.data === null)
    throw new Error(`no data: ${JSON.stringify(json)}`)
  return json.data as Data
}

/** Starts a gateway on a database (see servers/databases.ts). `env` overrides any configuration variable. */
export async function startGateway(
  database: { readonly url: string },
  env: Readonly<Record<string, string>> = {},
): Promise<TestGateway> {
  const folder = makePrivateFolder('gateway')
  const config = loadConfig({
    ...defaults,
    ...hashCost(env),
    DATA_DIR: folder,
    DATABASE_URL: database.url,
    ...env,
  })
  const logLines: string[] = []
  const log = createLog(config.logLevel, { write: (line) => logLines.push(line), flush() {}, flushSync() {} })
  const clock = createMovableClock()
  const services = await startServices(config, { clock, log })
  const gateway = createGateway(services, copyTable(compiledTable(config.timeZone)))
  // No client of a test needs time to leave.
  const server = await startServer(gateway, services, { leave: 0 })
  const addApp = appMaker(services)
  const existing = services.apps.find('web')
  const web: TestApp = existing
    ? { name: 'web', secret: existing.secrets[0] ?? '', scheme: 'legacy' }
    : await addApp({ name: 'web', grants: ['*'] })
  return {
    url: server.url,
    gateway,
    server,
    services,
    db: services.db,
    clock,
    web,
    logLines,
    addApp,
    addUser: userMaker(services),
    call: (method, params = {}, options = {}) => callGateway(server.url, clock, web, method, params, options),
    request: (path, init) => fetchAnswer(`${server.url}${path}`, init),
    ...outboxReaders(services),
    async close() {
      await server.drain()
      await services.close()
      await removePrivateFolder(folder)
    },
  }
}

/** A gateway for the time of some work. */
export async function duringGateway(
  database: { readonly url: string },
  env: Readonly<Record<string, string>>,
  work: (gateway: TestGateway) => Promise<void>,
): Promise<void> {
  const gateway = await startGateway(database, env)
  try {
    await work(gateway)
  } finally {
    await gateway.close()
  }
}

const compiledTables = new Map<string, CompiledTable>()

/** Compiling all contracts takes half a second, and is the same for all gateways of one time zone. */
function compiledTable(timeZone: string): CompiledTable {
  const table = compiledTables.get(timeZone) ?? compileTable(methodTable, timeZone)
  compiledTables.set(timeZone, table)
  return table
}

/** A table whose methods a test may change without others seeing it. */
function copyTable({ byName, byPath, ofConsole }: CompiledTable): CompiledTable {
  const all = [...byName.values(), ...ofConsole.values()]
  const copies = new Map(all.map((method) => [method, { ...method }]))
  const copy = (methods: CompiledTable['byName']) =>
    new Map([...methods].map(([name, method]) => [name, copies.get(method) ?? method]))
  return { byName: copy(byName), byPath: copy(byPath), ofConsole: copy(ofConsole) }
}

function appMaker({ db, vault, apps }: RunningServices) {
  return async (app: Partial<NewApp> = {}): Promise<TestApp> => {
    const name = app.name ?? `app-${randomBytes(4).toString('hex')}`
    const scheme = app.scheme ?? 'legacy'
    const whole = { trust: 'server', grants: ['*'], addresses: [], ...app, name, scheme } as const
    const secret = await registerApp(db, vault, whole)
    await apps.refresh()
    return { name, secret, scheme }
  }
}

const hashes = new Map<string, Promise<string>>()

/** Tests add thousands of users with few passwords. A hash of another cost would be replaced at the first sign-in. */
function hashOf({ config, passwords }: RunningServices, password: string): Promise<string> {
  const key = `${writePasswordCost(config.passwordCost)} ${password}`
  const hash = hashes.get(key) ?? passwords.hash(password)
  hashes.set(key, hash)
  hash.catch(() => hashes.delete(key))
  return hash
}

function userMaker(services: RunningServices) {
  const { db, sessions } = services
  return async ({ password = 'right password', ...user }: NewTestUser = {}): Promise<TestUser> => {
    const createdAt = Date.now()
    const account = `user-${randomBytes(6).toString('hex')}`
    const uid = await insertUser(db, {
      account,
      passwordHash: await hashOf(services, password),
      createdAt,
      ...user,
    })
    const identities = [
      ['mobile', user.mobile && `+86${user.mobile}`],
      ['email', user.email?.toLowerCase()],
    ] as const
    for (const [kind, value] of identities) {
      if (!value) continue
      const row = { kind, value, user_id: uid, created_at: createdAt }
      if (user.verified === false) await claimIdentity(db, row)
      else await verifyIdentity(db, { ...row, verified_at: createdAt })
    }
    return {
      uid,
      password,
      async startSession() {
        const generation = (await findCredentials(db, uid))?.session_generation ?? 0
        return sessions.start(db, { userId: uid, generation, app: 'web', ip: '127.0.0.1' })
      },
    }
  }
}

/** Adds what a client of the application adds to its parameters: its name, and the signature over all of them. */
export function signParameters(
  app: TestApp,
  params: Record<string, string>,
  now = Date.now(),
): RawParameters {
  const signed: RawParameters = Object.assign(emptyParameters(), { client_type: app.name }, params)
  if (app.scheme === 'legacy') return Object.assign(signed, { client_secret: signLegacy(signed, app.secret) })
  signed['sign_method'] ??= 'hmac-sha256'
  signed['timestamp'] ??= String(Math.floor(now / 1000))
  signed['nonce'] ??= randomBytes(12).toString('hex')
  return Object.assign(signed, { client_secret: signHmac(signed, app.secret) })
}

function callGateway(
  url: string,
  clock: MovableClock,
  web: TestApp,
  method: string,
  params: Record<string, string>,
  { verb = 'GET', app = web, headers = {} }: CallOptions,
): Promise<HttpAnswer> {
  const all = { method, ...params }
  const body = new URLSearchParams(app === null ? all : signParameters(app, all, clock.now()))
  return verb === 'GET'
    ? fetchAnswer(`${url}/gateway?${body.toString()}`, { headers })
    : fetchAnswer(`${url}/gateway`, { method: 'POST', body, headers })
}

function outboxReaders({ db, queue }: RunningServices) {
  const sentTo = async (address: string) => {
    while ((await queue.runDue()) > 0);
    return (await listOutboxMessages(db, 1000)).filter((message) => message.address === address)
  }
  const newest = async (address: string, pattern: RegExp) => {
    const texts = (await sentTo(address)).map(({ text }) => pattern.exec(text)?.[1])
    const found = texts.find((text) => text !== undefined)
    if (found === undefined) throw new Error(`nothing like ${pattern} was sent to ${address}`)
    return found
  }
  return {
    sentTo,
    lastCode: (mobile: string) => newest(`+86${mobile}`, /(\d{4,8})/),
    lastMailToken: (email: string) => newest(email, /[?&]code=([\w-]+)/),
  }
}
