import { isIPv6 } from 'node:net'
import { Ajv } from 'ajv'
import { crossProblems } from './cross-checks.js'
import { formats } from './formats.js'
import {
  type Environment,
  type EnvironmentValues,
  type VariableName,
  variableNames,
  variables,
} from './schema.js'
import { readSecretFiles } from './secrets/secret-files.js'
import type { Rule, Variable } from './variables/rule.js'

export type { Environment, VariableName } from './schema.js'
export { environmentSchema } from './schema.js'

/** The configuration cannot be used. Its message lists every problem, one per line, and no secrets. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  /** Each names a variable and says what it wants. */
  readonly problems: string[]

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(['The configuration is not usable:', ...problems].join('\n'), options)
    this.problems = [...problems]
  }
}

/** A value as the schema sees it. A text that is not of its type stays a text, for the schema to refuse. */
type Coerced = string | number | boolean | readonly string[]

function coerceNumber(text: string, form: RegExp): Coerced {
  const number = Number(text)
  // Beyond 2^53 a number silently becomes another one.
  return form.test(text) && Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : text
}

const coercions: Readonly<Record<Variable['type'], (text: string) => Coerced>> = {
  string: (text) => text,
  integer: (text) => coerceNumber(text, /^-?\d+$/),
  number: (text) => coerceNumber(text, /^-?\d+(?:\.\d+)?$/),
  boolean: (text) => (text === 'on' || text === 'off' ? text === 'on' : text),
  array: (text) => text.split(',').map((item) => item.trim()),
}

/** Turns the text of a variable into a value of the variable's type; undefined when it was not given. */
function coerce(text: string | undefined, variable: Variable): Coerced | undefined {
  // The spaces of a secret may be part of it; elsewhere they are left from an env file.
  const value = variable['x-secret'] ? text : text?.trim()
  return value === undefined || value === '' ? undefined : coercions[variable.type](value)
}

/** A mistake in one variable. */
interface Problem {
  readonly name: VariableName
  /** Names the variable and says what it wants. */
  readonly text: string
}

function wantsNumber(rule: Rule): string {
  const kind = rule.type === 'integer' ? 'a whole number' : 'a number'
  if (rule.exclusiveMinimum !== undefined)
    return `${kind} above ${rule.exclusiveMinimum}, up to ${rule.maximum}`
  return rule.maximum === undefined
    ? `${kind} of at least ${rule.minimum}`
    : `${kind} from ${rule.minimum} to ${rule.maximum}`
}

function wants(rule: Rule): string {
  if (rule.items !== undefined) return `a comma list, each ${wants(rule.items)}`
  if (rule.enum !== undefined) return `one of ${rule.enum.join(', ')}`
  if (rule.format !== undefined) return formats[rule.format].wants
  if (rule.type === 'boolean') return 'on or off'
  if (rule.type === 'string') return `at least ${rule.minLength} characters long`
  return wantsNumber(rule)
}

/** Says in words what the validator found about one value; secrets and URLs are never quoted. */
function problemOf(name: VariableName, value: Coerced, item: string | undefined): Problem {
  const variable = variables[name]
  const text = `${name} must be ${wants(variable)}`
  if (item !== undefined) return { name, text: `${text} (item ${Number(item) + 1} is not)` }
  if (variable['x-secret'] || variable['x-password']) return { name, text }
  return { name, text: `${text}, not ${JSON.stringify(String(value).slice(0, 80))}` }
}

// Only the schemas of variables that are given are compiled, at each start: a test holds all of them against JSON
// Schema's own, and the defaults against them.
const ajv = new Ajv({ allErrors: true, meta: false, validateSchema: false, code: { optimize: false } })
ajv.addVocabulary(['x-default', 'x-secret', 'x-password'])
for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format.test)

type Values = Partial<Record<VariableName, Coerced>>

function readGiven(env: NodeJS.ProcessEnv): Values {
  const values: Values = {}
  for (const name of variableNames) {
    const value = coerce(env[name], variables[name])
    if (value !== undefined) values[name] = value
  }
  return values
}

function problemsOf(values: Values): Problem[] {
  return variableNames.flatMap((name) => {
    const value = values[name]
    if (value === undefined || ajv.validate(variables[name], value)) return []
    return (ajv.errors ?? []).map(({ instancePath }) => problemOf(name, value, instancePath.split('/')[1]))
  })
}

/** What follows from other values: neither given nor a default. */
function derived(values: Values, given: Values): Values {
  const isKnown = (name: VariableName) =>
    given[name] !== undefined || values[name] === variables[name].default
  return without(values, new Set(variableNames.filter(isKnown)))
}

function without(values: Values, names: ReadonlySet<VariableName>): Values {
  const kept = { ...values }
  for (const name of names) delete kept[name]
  return kept
}

function withDefaults(given: Values): Values {
  const values = { ...given }
  for (const name of variableNames) {
    const value = values[name] ?? variables[name].default
    if (value !== undefined) values[name] = value
  }
  const host = String(values.HOST)
  // More than one slash in front would look like the host of a URL.
  const folder = String(values.DATA_DIR).replace(/\/+$/, '').replace(/^\/+/, '/')
  values.DATABASE_URL ??= `sqlite:${folder}/passport.db`
  values.PUBLIC_URL ??= `http://${isIPv6(host) ? `[${host}]` : host}:${String(values.PORT)}`
  values.PASSPORT_UNSIGNED ??= values.NODE_ENV === 'development' ? 'allow' : 'deny'
  values.CONSOLE ??= values.NODE_ENV === 'development'
  return values
}

/** One secret by itself, where the rest may not be there yet; its mistakes are told when all is read. */
export function readSecret(name: VariableName, env: NodeJS.ProcessEnv = process.env): string | undefined {
  return { ...env, ...readSecretFiles(env).values }[name] || undefined
}

/**
 * Reads the environment, that of the process unless another is given; nothing else in the server does. An empty
 * variable counts as not given. Secrets may stand in files (config/secrets/secret-files.ts).
 *
 * @returns valid values of the variables' own types, with defaults filled in
 * @throws ConfigurationError listing every problem there is, without the value of any secret
 */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const files = readSecretFiles(env)
  const given = readGiven({ ...env, ...files.values })
  const problems = problemsOf(given)
  const invalid = new Set(problems.map((problem) => problem.name))
  // The rules between variables still run over the sound ones, so that all mistakes show at once.
  const sound = without(given, invalid)
  const values = withDefaults(sound)
  const derivedProblems = problemsOf(derived(values, sound))
  const names = new Set(variableNames.filter((name) => given[name] !== undefined))
  // Each value was given or derived and fits by now, or is a default.
  const environment: Environment = { ...(values as EnvironmentValues), given: names }
  const texts = [...files.problems, ...[...problems, ...derivedProblems].map((problem) => problem.text)]
  if (derivedProblems.length === 0) texts.push(...crossProblems(environment, invalid))
  if (texts.length > 0) throw new ConfigurationError([...new Set(texts)])
  return environment
}
