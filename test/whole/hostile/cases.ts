import type { MethodName } from '../../../gateway/contract/method.js'
import { contractDocuments } from '../../../schemas/contracts.js'
import type { Random } from './random.js'
import { hostileJson, hostileTexts, type JsonValue } from './values.js'

type Carrier = 'query' | 'form' | 'JSON'

/** One call: a method, how its parameters travel, and which of them are hostile, by the names of their values. */
export interface HostileCase {
  readonly method: MethodName
  /** `account`: the REST path. */
  readonly dialect: 'passport' | 'account'
  readonly carrier: Carrier
  readonly hostile: Readonly<Record<string, string>>
}

type Target = Pick<HostileCase, 'method' | 'dialect'> & {
  readonly parameter: string
  readonly isDeclared: boolean
}

/** Names that every method may be sent, declared or not. */
const commonParameters = ['access_token', 'session_key', 'perm_key', 'udid', 'return_type', 'debug', 'page']

const values: ReadonlyMap<string, JsonValue> = new Map([
  ...Object.entries(hostileTexts).map(([name, text]) => [name, asJson(text)] as const),
  ...Object.entries(hostileJson),
])

/** A request line takes 32 KiB in all. */
const longestInQuery = 16 * 1024

/** JSON can carry half a surrogate pair; what a form carries, and a signature covers, is the character for "broken". */
function asJson(text: string): JsonValue {
  return { json: JSON.stringify(text), signed: text.replace(/\p{Surrogate}/gu, '\ufffd') }
}

export function hostileValue(name: string): JsonValue {
  const value = values.get(name)
  if (!value) throw new Error(`no hostile value ${name}`)
  return value
}

/** Every parameter of every method, declared in its contract or common to all, on every path it answers. */
function listTargets(): Target[] {
  const documents = Object.values(contractDocuments).filter(({ $id }) => isCallable($id))
  return documents.flatMap(({ $id, properties }) => {
    const method = $id as MethodName
    const dialects = isAccount(method) ? (['passport', 'account'] as const) : (['passport'] as const)
    const parameters = [...new Set([...Object.keys(properties), ...commonParameters])].map((parameter) => ({
      parameter,
      isDeclared: Object.hasOwn(properties, parameter),
    }))
    return dialects.flatMap((dialect) => parameters.map((parameter) => ({ method, dialect, ...parameter })))
  })
}

/** The console's own methods exist for nobody else (gateway/console/api.test.ts). */
export function isCallable(method: string): boolean {
  return !method.startsWith('manage.console.')
}

function isAccount(method: MethodName): boolean {
  return /^(front|manage)\./.test(method)
}

function carriersOf({ method, dialect }: Target, value: string): Carrier[] {
  const carriers: Carrier[] = Object.hasOwn(hostileJson, value) ? ['JSON'] : ['query', 'form', 'JSON']
  const verbs =
    dialect === 'passport' ? ['GET', 'POST'] : (contractDocuments[method]['x-verbs'] ?? ['GET', 'POST'])
  return carriers.filter((carrier) =>
    carrier === 'query' ? verbs.includes('GET') && fitQuery([value]) : verbs.includes('POST'),
  )
}

/** Whether these values fit a URL that the server reads: a longer one is answered 431, whatever it says. */
function fitQuery(chosen: readonly string[]): boolean {
  const lengths = chosen.map((value) => encodeURIComponent(hostileValue(value).signed ?? '').length)
  return lengths.reduce((sum, length) => sum + length, 0) <= longestInQuery
}

function casesOf(target: Target, value: string): HostileCase[] {
  const { method, dialect, parameter } = target
  return carriersOf(target, value).map((carrier) => ({
    method,
    dialect,
    carrier,
    hostile: { [parameter]: value },
  }))
}

/** Every value in every parameter by every carrier. */
export function listAllCases(): HostileCase[] {
  return listTargets().flatMap((target) => [...values.keys()].flatMap((value) => casesOf(target, value)))
}

/** How much of everything a sample holds; no parameter and no value is left out. */
export interface SampleSize {
  readonly perDeclaredParameter: number
  readonly perCommonParameter: number
  readonly perValue: number
}

/** Some of all cases. */
export function sampleCases(random: Random, size: SampleSize): HostileCase[] {
  const targets = listTargets()
  const names = [...values.keys()]
  const countOf = ({ isDeclared }: Target) =>
    isDeclared ? size.perDeclaredParameter : size.perCommonParameter
  const pairs = [
    ...targets.flatMap((target) => random.sample(names, countOf(target)).map((value) => ({ target, value }))),
    ...names.flatMap((value) => random.sample(targets, size.perValue).map((target) => ({ target, value }))),
  ]
  return pairs.flatMap(({ target, value }) => random.sample(casesOf(target, value), 1))
}

/** Calls with several hostile parameters at once. */
export function combineCases(random: Random, count: number): HostileCase[] {
  const targets = listTargets()
  const names = [...values.keys()]
  return Array.from({ length: count }, () => {
    const { method, dialect } = random.pick(targets)
    const own = targets.filter((target) => target.method === method && target.dialect === dialect)
    const chosen = random
      .sample(own, 2 + random.below(4))
      .map((target) => [target, random.pick(names)] as const)
    const carriers = chosen.map(([target, value]) => new Set(carriersOf(target, value)))
    const fit = (carrier: Carrier) =>
      carriers.every((set) => set.has(carrier)) &&
      (carrier !== 'query' || fitQuery(chosen.map(([, value]) => value)))
    const possible = [...(carriers[0] ?? [])].filter(fit)
    const hostile = Object.fromEntries(chosen.map(([{ parameter }, value]) => [parameter, value]))
    return possible.length === 0 ? [] : [{ method, dialect, carrier: random.pick(possible), hostile }]
  }).flat()
}
