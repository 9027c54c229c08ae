import type { Variable } from './variables/rule.js'

/** A value as the schema sees it. A text that is not of its type stays a text, for the schema to refuse. */
export type Coerced = string | number | boolean | readonly string[]

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
export function coerce(text: string | undefined, variable: Variable): Coerced | undefined {
  // The spaces of a secret may be part of it; elsewhere they are left from an env file.
  const value = variable['x-secret'] ? text : text?.trim()
  return value === undefined || value === '' ? undefined : coercions[variable.type](value)
}
