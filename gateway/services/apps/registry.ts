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
import { AddressList } from './address-list.js'
import type { ClientApp } from './apps.js'
import { AppRegistryError } from './registry-error.js'
import { changedReportOnly, type ReportOnlyChange } from './report-only.js'
import type { Vault } from '../vault.js'
import { defined } from '../../wire/defined-fields.js'

export { AppRegistryError } from './registry-error.js'

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

/** What changes of an application; what is absent stays. */
export interface AppChange extends ReportOnlyChange {
  readonly grants?: readonly string[] | undefined
  readonly addresses?: readonly string[] | undefined
  /** Digits of the codes it has sent; null: as `CODE_LENGTH` says. */
  readonly codeLength?: number | null | undefined
  readonly enabled?: boolean | undefined
}

/** Registers an application and returns its secret. Throws AppRegistryError for what it can't take. */
export async function registerApp(db: Knex, vault: Vault, app: NewApp): Promise<string> {
  if (!appName.test(app.name))
    throw new AppRegistryError(
      'NAME: 1 to 64 letters, digits, "_", "." or "-"',
      '应用名须为 1 到 64 个字母、数字、“_”、“.”或“-”',
    )
  checkChange(app)
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
      report_only: null,
      created_at: now,
      updated_at: now,
    })
  } catch (error) {
    if (isDuplicate(error))
      throw new AppRegistryError(
        `an application ${app.name} is registered already`,
        `应用 ${app.name} 已存在`,
      )
    throw error
  }
  return secret
}

/** Gives an application a new secret and returns it; the one before stays good until the next rotation. */
export async function rotateSecret(db: Knex, vault: Vault, name: string, given?: string): Promise<string> {
  const secret = given ?? randomBytes(16).toString('hex')
  checkSecret(secret)
  await updateApp(db, name, (row) => {
    return {
      secrets: JSON.stringify([vault.seal('app-secret', secret), ...secretsOf(row)].slice(0, liveSecrets)),
    }
  })
  return secret
}

/** Leaves an application its newest secret only. Throws AppRegistryError where it has no other. */
export async function retireSecrets(db: Knex, name: string): Promise<void> {
  await updateApp(db, name, (row) => {
    const secrets = secretsOf(row)
    if (secrets.length < liveSecrets)
      throw new AppRegistryError(`application ${name} has one secret only`, `应用 ${name} 只有一个密钥`)
    return { secrets: JSON.stringify(secrets.slice(0, 1)) }
  })
}

/** Changes what is known of an application, and returns its row from before. Throws AppRegistryError. */
export async function changeApp(db: Knex, name: string, change: AppChange): Promise<ClientAppRow> {
  checkChange(change)
  const { scheme, trust, grants, addresses, codeLength, recut, queryCredentials, enabled } = change
  const columns = defined({
    scheme,
    trust,
    grants: grants && JSON.stringify(grants),
    addresses: addresses && JSON.stringify(addresses),
    code_length: codeLength,
    recut,
    query_credentials: queryCredentials,
    enabled,
  })
  return updateApp(db, name, (row) => ({ ...columns, report_only: changedReportOnly(row, change) }))
}

/** Returns the row from before. A transaction that is open already is used, and its end decides. */
function updateApp(
  db: Knex,
  name: string,
  change: (row: ClientAppRow) => Partial<ClientAppRow>,
): Promise<ClientAppRow> {
  const update = async (db: Knex) => {
    const row = await lockClientApp(db, name)
    if (!row) throw new AppRegistryError(`no application ${name} is registered`, `没有应用 ${name}`)
    await updateClientApp(db, name, { ...change(row), updated_at: Date.now() })
    return row
  }
  return db.isTransaction ? update(db) : transaction({ db }, ({ db }) => update(db))
}

function secretsOf({ secrets }: ClientAppRow): string[] {
  return JSON.parse(secrets)
}

function checkChange({ grants, addresses, codeLength }: AppChange): void {
  if (grants) checkGrants(grants)
  if (addresses) checkAddresses(addresses)
  checkCodeLength(codeLength ?? undefined)
}

function checkGrants(grants: readonly string[]): void {
  const bad = grants.find((grant) => !grantPattern.test(grant))
  if (bad !== undefined)
    throw new AppRegistryError(
      `--grant: ${bad} is no pattern of method names, like web.passport.*`,
      `${bad} 不是接口名或通配（如 web.passport.*）`,
    )
  if (grants.length === 0)
    throw new AppRegistryError('--grant: at least one pattern of method names', '至少授予一个接口或通配')
}

function checkAddresses(addresses: readonly string[]): void {
  try {
    void new AddressList(addresses)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new AppRegistryError(`--ip: ${message}`, '地址须为 IP 地址或 CIDR 网段', { cause: error })
  }
}

function checkCodeLength(length: number | undefined): void {
  if (length === undefined) return
  if (!Number.isInteger(length) || length < fewestDigits || length > mostDigits)
    throw new AppRegistryError(
      `--code-length: ${fewestDigits} to ${mostDigits} digits`,
      `验证码须为 ${fewestDigits} 到 ${mostDigits} 位`,
    )
}

function checkSecret(secret: string): void {
  if (!/^[\x21-\x7e]{16,128}$/.test(secret))
    throw new AppRegistryError(
      '--secret: 16 to 128 printable ASCII characters without spaces',
      '密钥须为 16 到 128 个可见 ASCII 字符，不含空格',
    )
}
