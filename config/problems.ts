import type { ErrorObject } from 'ajv'
import type { Coerced } from './coerce.js'
import { formats } from './formats.js'
import type { VariableName } from './schema.js'
import { isVariableName, variables } from './schema.js'
import type { Rule } from './variables/rule.js'

/** A mistake in one variable. */
export interface Problem {
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
export function problemOf(error: ErrorObject, values: Readonly<Record<string, Coerced>>): Problem {
  const [, name = '', item] = error.instancePath.split('/')
  if (!isVariableName(name)) throw new TypeError(`The schema refuses more than values: ${error.message}`)
  const variable = variables[name]
  const text = `${name} must be ${wants(variable)}`
  if (item !== undefined) return { name, text: `${text} (item ${Number(item) + 1} is not)` }
  if (variable['x-secret'] || variable['x-password']) return { name, text }
  return { name, text: `${text}, not ${JSON.stringify(String(values[name]).slice(0, 80))}` }
}
