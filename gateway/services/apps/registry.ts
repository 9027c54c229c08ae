import { randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import { accountVariables } from '../../../config/variables/accounts.js'
import {
  type ClientAppRow,
  insertClientApp,
  lockClientApp,
  updateClientApp,
} from '../../../db/client-apps.js'
import { isDuplicate, transaction } from '../../../db/transaction.js'
import { buildAddressList, type ClientApp } from './apps.js'
import type { Vault } from '../vault.js'
import { defined } from '../../wire/defined-fields.js'

export interface NewApp {
  readonly name: string
  readonly scheme: ClientAppRow['scheme']
  readonly trust: ClientAppRow['trust']
  readonly grants: readonly string[]
  readonly addresses: readonly string[]
  /** Digits of the codes it has sent; absent: as `CODE_LENGTH` says. */
  readonly codeLength?: number | undefined
  /** `refuse` if absent. */
  readonly recut?: ClientApp['recut'] | undefined
  /** `accept` if absent. */
  readonly queryCredentials?: ClientApp['queryCredentials'] | undefined
  /** Given, or made. */
  readonly secret?: string | undefined
}

const appName = /^[\w.-]{1,64}$/
const grantPattern = /^[\w.*]{1,100}$/
const liveSecrets = 2
const { minimum: fewestDigits, maximum: mostDigits } = accountVariables.CODE_LENGTH

/** The registry can't do what an operator asked; the message tells the operator why. */
export class AppRegistryError extends Error {
  override readonly name = 'AppRegistryError'
}

/** Registers an application and returns its secret. Throws AppRegistryError for what it can't take. */
export async function registerApp(db: Knex, vault: Vault, app: NewApp): Promise<string> {
  if (!appName.test(app.name)) throw new AppRegistryError('NAME: 1 to 64 letters, digits, "_", "." or "-"')
  checkGrants(app.grants)
  checkAddresses(app.addresses)
  checkCodeLength(app.codeLength)
  const secret = app.secret ?? randomBytes(16).toString('hex')
  checkSecret(secret)
  const now = Date.now()
  try {
    await insertClientApp(db, {
      name: app.name,
      scheme: app.scheme,
      trust: app.trust,
      grants: JSON.stringify(app.grants),
      addresses: JSON.stringify(app.addresses),
      secrets: JSON.stringify([vault.seal('app-secret', secret)]),
      enabled: true,
      code_length: app.codeLength ?? null,
      recut: app.recut ?? null,
      query_credentials: app.queryCredentials ?? null,
      created_at: now,
      updated_at: now,
    })
  } catch (error) {
    if (isDuplicate(error)) throw new AppRegistryError(`an application ${app.name} is registered already`)
    throw error
  }
  return secret
}

/** Gives an application a new secret and returns it; the one before stays good until the next rotation. */
export async function rotateSecret(db: Knex, vault: Vault, name: string, given?: string): Promise<string> {
  const secret = given ?? randomBytes(16).toString('hex')
  checkSecret(secret)
  await changeApp(db, name, (row) => {
    const sealed: string[] = JSON.parse(row.secrets)
    return { secrets: JSON.stringify([vault.seal('app-secret', secret), ...sealed].slice(0, liveSecrets)) }
  })
  return secret
}

/** Replaces the patterns of the methods an application may call. */
export async function setGrants(db: Knex, name: string, grants: readonly string[]): Promise<void> {
  checkGrants(grants)
  await changeApp(db, name, () => ({ grants: JSON.stringify(grants) }))
}

/** Says how many digits the codes have that an application has sent; absent: as `CODE_LENGTH` says. */
export async function setCodeLength(db: Knex, name: string, codeLength: number | undefined): Promise<void> {
  checkCodeLength(codeLength)
  await changeApp(db, name, () => ({ code_length: codeLength ?? null }))
}

/** Says what is done with an application's calls that are signed well but not safely; what is absent stays. */
export async function setCallRules(
  db: Knex,
  name: string,
  { recut, queryCredentials }: Partial<Pick<ClientApp, 'recut' | 'queryCredentials'>>,
): Promise<void> {
  const change = defined({ recut, query_credentials: queryCredentials })
  await changeApp(db, name, () => change)
}

/** Shuts an application out, or lets it in again. */
export async function setEnabled(db: Knex, name: string, enabled: boolean): Promise<void> {
  await changeApp(db, name, () => ({ enabled }))
}

async function changeApp(
  db: Knex,
  name: string,
  change: (row: ClientAppRow) => Partial<ClientAppRow>,
): Promise<void> {
  await transaction({ db }, async ({ db }) => {
    const row = await lockClientApp(db, name)
    if (!row) throw new AppRegistryError(`no application ${name} is registered`)
    await updateClientApp(db, name, { ...change(row), updated_at: Date.now() })
  })
}

function checkGrants(grants: readonly string[]): void {
  const bad = grants.find((grant) => !grantPattern.test(grant))
  if (bad !== undefined)
    throw new AppRegistryError(`--grant: ${bad} is no pattern of method names, like web.passport.*`)
  if (grants.length === 0) throw new AppRegistryError('--grant: at least one pattern of method names')
}

function checkAddresses(addresses: readonly string[]): void {
  try {
    buildAddressList(addresses)
  } catch (error) {
    throw new AppRegistryError(`--ip: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

function checkCodeLength(length: number | undefined): void {
  if (length === undefined) return
  if (!Number.isInteger(length) || length < fewestDigits || length > mostDigits)
    throw new AppRegistryError(`--code-length: ${fewestDigits} to ${mostDigits} digits`)
}

function checkSecret(secret: string): void {
  if (!/^[\x21-\x7e]{16,128}$/.test(secret))
    throw new AppRegistryError('--secret: 16 to 128 printable ASCII characters without spaces')
}
