import type { Environment, VariableName } from './schema.js'

type Warner = (environment: Environment) => string | undefined

const warners: Partial<Record<VariableName, Warner>> = {
  TRUST_PROXY: (e) =>
    e.TRUST_PROXY?.some((range) => range.endsWith('/0'))
      ? 'anybody can claim any address: name the proxies alone'
      : undefined,
  PUBLIC_URL: (e) =>
    e.NODE_ENV === 'production' && e.PUBLIC_URL?.startsWith('http:')
      ? 'mailed links and tokens travel unencrypted: it is https'
      : undefined,
  DATA_KEY: (e) => keyWarning(e.DATA_KEY ?? [], e.JWT_SECRET ?? []),
  JWT_SECRET: (e) => keyWarning(e.JWT_SECRET ?? [], e.DATA_KEY ?? []),
  METRICS_TOKEN: (e) => keyWarning([e.METRICS_TOKEN ?? ''], []),
}

/** What is allowed for a variable that is given, but leaves open what the operator means to close. */
export function safetyWarningOf(environment: Environment, name: VariableName): string | undefined {
  return warners[name]?.(environment)
}

/** Fewer different characters than a guess has tries for. */
const fewestCharacters = 8

function keyWarning(keys: readonly string[], others: readonly string[]): string | undefined {
  if (keys.some((key) => others.includes(key)))
    return 'DATA_KEY and JWT_SECRET are equal: who gets one has both'
  if (new Set(keys).size < keys.length) return 'one key is given twice'
  return keys.some((key) => new Set(key).size < fewestCharacters)
    ? 'can be guessed: make it with "openssl rand -hex 32"'
    : undefined
}
