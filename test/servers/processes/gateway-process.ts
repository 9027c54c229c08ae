import type { Knex } from 'knex'
import { loadConfig } from '../../../config/config.js'
import { connect } from '../../../db/connect.js'
import { migrate } from '../../../db/migrate.js'
import { type NewApp, registerApp } from '../../../gateway/services/apps/registry.js'
import { createVault } from '../../../gateway/services/vault.js'
import { hashCost } from '../../password-cost.js'
import { makePrivateFolder, removePrivateFolder } from './leftovers.js'
import { freePort, type ProcessEnd, startProcess } from './process.js'
import { moduleArguments, siblingModule } from './this-build.js'

/** The gateway as an operator runs it: a process of its own behind a port. */
export type GatewayProcess = {
  readonly url: string
  readonly pid: number
  /** What it has logged so far (the end of it, when that is a lot). */
  output(): string
  /** SIGTERM: drains and ends. */
  stop(): Promise<ProcessEnd>
  /** Ends it as a crash would. */
  kill(): Promise<ProcessEnd>
}

/** Secrets that all server processes of a test share. */
export const processKeys = {
  DATA_KEY: 'data-key-of-the-processes-at-least-32-long',
  JWT_SECRET: 'jwt-secret-of-the-processes-at-least-32-long',
}

const defaults = {
  ...processKeys,
  NODE_ENV: 'test',
  HOST: '127.0.0.1',
  SMS_PROVIDER: 'outbox',
  // The problems; a line per call would only push them out of `output`.
  LOG_LEVEL: 'warn',
  // Tests send much from one address; those of the limits per address set it to 1.
  LIMIT_IP_SCALE: '1000',
}

/** A connection left open would have the server wait for it when it is stopped. */
async function isReady(url: string): Promise<boolean> {
  return (await fetch(`${url}/readyz`, { headers: { Connection: 'close' } })).ok
}

/**
 * Starts a server process on a free loopback port and waits until it is ready. `env` overrides any configuration
 * variable; PORT too, for one that takes another's place. `isUp` may wait for something else.
 */
export async function startGatewayProcess(
  database: { readonly url: string },
  env: Readonly<Record<string, string>> = {},
  isUp: (url: string) => Promise<boolean> = isReady,
): Promise<GatewayProcess> {
  const folder = makePrivateFolder('gateway-process')
  const port = env['PORT'] ?? String(await freePort())
  const url = `http://127.0.0.1:${port}`
  const running = await startProcess(
    {
      command: process.execPath,
      args: [...moduleArguments(import.meta.url), siblingModule(import.meta.url, '../../../gateway/main')],
      // Nothing of the caller's environment but what programs need: it may configure a server as well.
      env: {
        PATH: process.env['PATH'],
        TMPDIR: process.env['TMPDIR'],
        ...defaults,
        ...hashCost(env),
        DATA_DIR: folder,
        DATABASE_URL: database.url,
        PORT: port,
        ...env,
      },
    },
    () => isUp(url),
  )
  const thenTidy = async (end: Promise<ProcessEnd>) => {
    const result = await end
    await removePrivateFolder(folder)
    return result
  }
  return {
    url,
    pid: running.pid,
    output: () => running.output(),
    stop: () => thenTidy(running.stop()),
    kill: () => thenTidy(running.kill()),
  }
}

/** A connection of the test's own beside those of the server processes, to prepare and to look. */
export type BesideConnection = {
  readonly db: Knex
  /** Registers an application as the operator would; processes that run already see it two seconds later. */
  addApp(app?: Partial<NewApp>): Promise<{ name: string; secret: string; scheme: NewApp['scheme'] }>
  close(): Promise<void>
}

/** Connects to a database of server processes and brings its tables up to date. */
export async function connectBeside(database: { readonly url: string }): Promise<BesideConnection> {
  const { database: target } = loadConfig({ ...defaults, DATABASE_URL: database.url })
  const db = connect(target)
  await migrate(db)
  const vault = createVault([processKeys.DATA_KEY])
  return {
    db,
    async addApp(app = {}) {
      const standard = {
        name: 'web',
        scheme: 'legacy',
        trust: 'server',
        grants: ['*'],
        addresses: [],
      } as const
      const whole = { ...standard, ...app }
      return { name: whole.name, scheme: whole.scheme, secret: await registerApp(db, vault, whole) }
    },
    close: () => db.destroy(),
  }
}
