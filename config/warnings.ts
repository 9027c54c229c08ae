import { isIPv6 } from 'node:net'
import { isLoopback } from './formats.js'
import type { Environment, VariableName } from './schema.js'

type Warner = (environment: Environment) => string | undefined

/** What opens something to whoever knows it, chosen by the operator. */
const keyNames = [
  'DATA_KEY',
  'JWT_SECRET',
  'METRICS_TOKEN',
  'OUTSIDE_TOKEN',
  'OLD_TOKEN_SECRET',
  'SHOP_TOKEN_KEY',
  'WECHAT_EVENT_SECRET',
] as const
type KeyName = (typeof keyNames)[number]

const warners: Partial<Record<VariableName, Warner>> = {
  TRUST_PROXY: (e) =>
    e.TRUST_PROXY?.some(isHalfTheInternet)
      ? 'anybody can claim any address: name the proxies alone'
      : undefined,
  PUBLIC_URL: publicUrlWarning,
  ...Object.fromEntries(keyNames.map((name): [KeyName, Warner] => [name, (e) => keyWarning(e, name)])),
}

/** What is allowed for a variable that is given, but leaves open what the operator means to close. */
export function safetyWarningOf(environment: Environment, name: VariableName): string | undefined {
  return warners[name]?.(environment)
}

/** A proxy's network is no wider than 10.0.0.0/8 or fc00::/7; several wide ranges are everybody together. */
function isHalfTheInternet(range: string): boolean {
  const [address = '', prefix] = range.split('/')
  if (prefix === undefined) return false
  const isMapped = /^::ffff:/i.test(address)
  const narrowest = isMapped ? 104 : isIPv6(address) ? 7 : 8
  return Number(prefix) < narrowest
}

function publicUrlWarning({ NODE_ENV: environment, PUBLIC_URL: url }: Environment): string | undefined {
  const isHere = isLoopback(new URL(url).hostname.replace(/^\[(.*)\]$/, '$1'))
  if (environment === 'development' && !isHere)
    return 'development is for this machine alone: for others, set NODE_ENV=production'
  if (environment !== 'production') return undefined
  if (url.startsWith('http:')) return 'mailed links and tokens travel unencrypted: it is https'
  return isHere ? 'clients elsewhere cannot follow this address' : undefined
}

/** Fewer different characters than a guess has tries for. */
const fewestCharacters = 8

function keyWarning(environment: Environment, name: KeyName): string | undefined {
  const keys = keysOf(environment, name)
  const twin = keyNames.find(
    (other) => other !== name && keysOf(environment, other).some((key) => keys.includes(key)),
  )
  if (twin !== undefined) return `${name} and ${twin} are equal: who gets one has both`
  if (new Set(keys).size < keys.length) return 'one key is given twice'
  return keys.some((key) => new Set(key).size < fewestCharacters)
    ? 'can be guessed: make it with "openssl rand -hex 32"'
    : undefined
}

function keysOf(environment: Environment, name: KeyName): readonly string[] {
  const value = environment[name]
  return typeof value === 'string' ? [value] : (value ?? [])
}
