import { safetyWarningOf } from './warnings.js'
import { isCaptured } from './outside.js'
import { madeKeysFile } from './secrets/made-keys.js'
import type { Environment, VariableName } from './schema.js'
import { variableNames, variables } from './schema.js'
import { missingTemplates } from './sms/templates.js'
import { mask } from './mask.js'
import { urlsByHost, withHostsOf } from './urls/several-hosts.js'

const secretName = /pass|pwd|token|secret|key|auth|sign/i

/** The URL with its password, and parameters named like secrets, masked; other text as it is. */
function maskUrl(text: string): string {
  const [first = text] = urlsByHost(text)
  if (!URL.canParse(first)) return text
  const url = new URL(first)
  const names = [...new Set(url.searchParams.keys())].filter((name) => secretName.test(name))
  if (url.password === '' && names.length === 0) return text
  if (url.password !== '') url.password = mask
  for (const name of names) url.searchParams.set(name, mask)
  return withHostsOf(text, url.href)
}

/** One variable as an operator sees it. */
export interface ConfigRow {
  readonly name: VariableName
  /** As one would write it in the environment, secrets masked; empty when there is none. */
  readonly value: string
  readonly source: 'environment' | 'default' | 'made'
  readonly description: string
  /** What is allowed but probably not meant. */
  readonly warning?: string
}

function textOf(environment: Environment, name: VariableName): string {
  const value = environment[name]
  if (value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  const items = typeof value === 'object' ? value : [String(value)]
  if (variables[name]['x-secret']) return items.map(() => mask).join(',')
  return variables[name]['x-password'] ? items.map(maskUrl).join(',') : items.join(',')
}

function warningOf(environment: Environment, name: VariableName): string | undefined {
  const isProduction = environment.NODE_ENV === 'production'
  const isGiven = environment.given.has(name)
  if (name === 'PUBLIC_URL' && isProduction && !isGiven) return 'clients elsewhere cannot follow this address'
  if (name === 'OUTSIDE') return outsideWarningOf(environment)
  if (name === 'SMTP_URL' && isProduction && !isGiven && !isCaptured(environment))
    return 'no mail can be sent'
  if (name === 'PASSWORD_UPGRADE') return upgradeWarningOf(environment)
  if (name === 'OLD_TOKEN_UNTIL' && isOver(environment.OLD_TOKEN_UNTIL))
    return 'is over: tokens of the old server are no longer taken, so it can go'
  if (!isGiven) return undefined
  return safetyWarningOf(environment, name) ?? smsWarningOf(environment, name)
}

function outsideWarningOf(environment: Environment): string | undefined {
  if (!isCaptured(environment)) return undefined
  return 'CAPTURED: no text, mail, call of WeChat, webhook or trace leaves this server; it is for a shadow, never for users'
}

function isOver(moment: string | undefined): boolean {
  return moment !== undefined && Date.parse(moment) <= Date.now()
}

/** A key of tokens is only given beside a shop, on its database. */
function upgradeWarningOf({
  PASSWORD_UPGRADE: upgrade,
  SHOP_TOKEN_KEY: key,
}: Environment): string | undefined {
  const isHeld = upgrade === 'hold' || (upgrade === undefined && key !== undefined)
  if (!isHeld) return undefined
  return `hold${upgrade ? '' : ' (a shop is beside)'}: passwords are stored as salted MD5, which is soon guessed from a stolen table; set on once the old server checks none`
}

function smsWarningOf(environment: Environment, name: VariableName): string | undefined {
  const [, vendor] = /^SMS_(WEBHOOK|ALIYUN|TENCENT)_/.exec(name) ?? []
  if (vendor === undefined) return undefined
  const providers = environment.SMS_PROVIDER
  if (!providers.some((provider) => provider === vendor.toLowerCase()))
    return `not used while SMS_PROVIDER is ${providers.join(',')}`
  if (name !== 'SMS_ALIYUN_TEMPLATES' && name !== 'SMS_TENCENT_TEMPLATES') return undefined
  const missing = missingTemplates(environment[name] ?? [])
  return missing.length === 0 ? undefined : `cannot send ${missing.join(', ')}`
}

function rowOf(environment: Environment, name: VariableName): ConfigRow {
  const { description } = variables[name]
  if (environment.given.has(name)) {
    return { name, value: textOf(environment, name), source: 'environment', description }
  }
  if (name === 'DATA_KEY' || name === 'JWT_SECRET') {
    const value = `${mask} in ${madeKeysFile(environment.DATA_DIR)}`
    return { name, value, source: 'made', description }
  }
  return { name, value: textOf(environment, name), source: 'default', description }
}

/** A row for every variable, in the schema's order. Neither reads nor makes the keys file. */
export function describeConfig(environment: Environment): ConfigRow[] {
  return variableNames.map((name) => {
    const row = rowOf(environment, name)
    const warning = warningOf(environment, name)
    return warning === undefined ? row : { ...row, warning }
  })
}
