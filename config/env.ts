import { isIPv6 } from 'node:net'
import { Ajv } from 'ajv'
import type { Coerced } from './coerce.js'
import { coerce } from './coerce.js'
import { ConfigurationError } from './configuration-error.js'
import { crossProblems } from './cross-checks.js'
import { formats } from './formats.js'
import type { Problem } from './problems.js'
import { problemOf } from './problems.js'
import type { Environment, EnvironmentValues, VariableName } from './schema.js'
import { environmentSchema, variableNames, variables } from './schema.js'

export { ConfigurationError } from './configuration-error.js'
export type { Environment, VariableName } from './schema.js'
export { environmentSchema } from './schema.js'

const ajv = new Ajv({ allErrors: true })
ajv.addVocabulary(['x-default', 'x-secret', 'x-password'])
for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format.test)
const isValid = ajv.compile<EnvironmentValues>(environmentSchema)

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
  return isValid(values) ? [] : (isValid.errors ?? []).map((error) => problemOf(error, values))
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
  return values
}

/**
 * Reads the environment, that of the process unless another is given; nothing else in the server does. An empty
 * variable counts as not given.
 *
 * @returns valid values of the variables' own types, with defaults filled in
 * @throws ConfigurationError listing every problem there is, without the value of any secret
 */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const given = readGiven(env)
  const problems = problemsOf(given)
  const invalid = new Set(problems.map((problem) => problem.name))
  // The rules between variables still run over the sound ones, so that all mistakes show at once.
  const values = withDefaults(without(given, invalid))
  const names = new Set(variableNames.filter((name) => given[name] !== undefined))
  const environment = isValid(values) ? { ...values, given: names } : undefined
  const texts = [...problems, ...problemsOf(values)].map((problem) => problem.text)
  if (environment !== undefined) texts.push(...crossProblems(environment, invalid))
  if (environment === undefined || texts.length > 0) throw new ConfigurationError([...new Set(texts)])
  return environment
}
