import { accountVariables } from './variables/accounts.js'
import { messageVariables } from './variables/messages.js'
import type { Variable } from './variables/rule.js'
import { serverVariables } from './variables/server.js'
import { uploadVariables } from './variables/uploads.js'
import { tracingVariables } from './variables/tracing.js'
import { shopVariables } from './variables/shop.js'
import { wechatVariables } from './variables/wechat.js'

/** The JSON schema of the environment after coercion: what each variable means and may be. */
export const environmentSchema = {
  type: 'object',
  properties: {
    ...serverVariables,
    ...messageVariables,
    ...wechatVariables,
    ...accountVariables,
    ...shopVariables,
    ...uploadVariables,
    ...tracingVariables,
  },
} as const

type Variables = typeof environmentSchema.properties

/** The name of a variable the server reads. */
export type VariableName = keyof Variables

/** Every variable the server reads, in the order in which they are described. */
export const variables: Readonly<Record<VariableName, Variable>> = environmentSchema.properties

/** Whether the server reads a variable of this name. */
function isVariableName(name: string): name is VariableName {
  return Object.hasOwn(variables, name)
}

/** The names of all variables, in the same order. */
export const variableNames: readonly VariableName[] = Object.keys(variables).filter(isVariableName)

type ValueOf<V> = V extends { enum: readonly (infer E)[] }
  ? E
  : V extends { type: 'integer' | 'number' }
    ? number
    : V extends { type: 'boolean' }
      ? boolean
      : V extends { type: 'array'; items: infer Item }
        ? readonly ValueOf<Item>[]
        : string

type Filled = {
  [K in VariableName]: Variables[K] extends { default: unknown } | { 'x-default': string } ? K : never
}[VariableName]

type FilledValues = { readonly [K in Filled]: ValueOf<Variables[K]> }
type OptionalValues = { readonly [K in Exclude<VariableName, Filled>]?: ValueOf<Variables[K]> }

/** The values of the variables, valid and with their defaults filled in. */
export interface EnvironmentValues extends FilledValues, OptionalValues {}

/** The environment as the server uses it. */
export interface Environment extends EnvironmentValues {
  /** The variables that were really given, rather than left to their defaults. */
  readonly given: ReadonlySet<VariableName>
}
