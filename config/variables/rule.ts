import type { FormatName } from '../formats.js'

/** The part of JSON Schema which the variables use, for one value or one item of a list. */
export interface Rule {
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'array'
  readonly enum?: readonly string[]
  readonly format?: FormatName
  readonly minLength?: number
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly items?: Rule
}

/** One environment variable. */
export interface Variable extends Rule {
  readonly description: string
  readonly default?: string | number | boolean | readonly string[]
  /** The default in words, where it follows from other variables. */
  readonly 'x-default'?: string
  /** The whole value is a secret. */
  readonly 'x-secret'?: true
  /** The value is a URL that may carry a password. */
  readonly 'x-password'?: true
}
