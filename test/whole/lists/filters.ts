import { contractDocuments, sharedDefinitions } from '../../../schemas/contracts.js'
import { inlineDefinitions, type JsonSchema } from '../../../schemas/contract-document.js'
import { toSnake } from '../../wire/account-document.js'
import type { TestedList } from './lists.js'
import type { ListedRow, Value } from './reference.js'

/** A parameter that narrows a list, or, ignored, is only sent. */
export interface Filter {
  /** As the contract has it. */
  readonly name: string
  /** Its column, in snake_case. */
  readonly column: string
  readonly isIgnored: boolean
  readonly schema: JsonSchema
}

/** One filter as it is sent, and the value that is meant; undefined: every row. */
export interface SentFilter {
  readonly filter: Filter
  readonly text: string
  readonly value: Value | undefined
}

const ofEveryList = ['page', 'size', 'sidx', 'sort', 'createTimeStart', 'createTimeEnd']

/** All parameters of a list but those that every list has: a new one is tested by being declared. */
export function filtersOf({ method, manners = [] }: TestedList): Filter[] {
  const { properties } = inlineDefinitions(contractDocuments[method], sharedDefinitions)
  return Object.entries(properties)
    .filter(([name]) => !ofEveryList.includes(name) && !manners.includes(toSnake(name)))
    .map(([name, schema]) => ({
      name,
      column: toSnake(name),
      isIgnored: schema.description?.startsWith('ignored') ?? false,
      schema,
    }))
}

/** A filter that asks for the value a row has; the forms that mean the same take turns. */
export function askFor(list: TestedList, filter: Filter, row: ListedRow, turn: number): SentFilter {
  if (filter.isIgnored) return { filter, text: ['0', '1', 'anything', '-'][turn % 4] ?? '', value: undefined }
  const value = row.columns[filter.column]
  if (value === undefined) throw new Error(`rows.ts has no values of ${list.method}'s ${filter.name}`)
  // Nothing can't be asked for.
  if (value === '') return { filter, text: '', value: undefined }
  return { filter, text: spell(list, filter, value, turn), value }
}

/** A filter that asks for what no row has; undefined where every value is some row's. */
export function askForNothing(list: TestedList, filter: Filter): SentFilter | undefined {
  const { schema, isIgnored } = filter
  const isLimited = schema.type === 'boolean' || schema.enum !== undefined || (schema.maximum ?? 9999) < 9999
  if (isIgnored || isLimited) return undefined
  if (schema.format) return { filter, text: '1999-12-31 23:59:59', value: '1999-12-31 23:59:59' }
  const value = schema.type === 'string' ? 'nobody' : 9998
  return { filter, text: spell(list, filter, value, 0), value }
}

const yes = ['true', '1', 'ON', 'yes']
const no = ['false', '0', 'off', 'No']

function spell(list: TestedList, { column, schema }: Filter, value: string | number, turn: number): string {
  if (schema.type === 'boolean') return (value === 1 ? yes : no)[turn % 4] ?? ''
  if (schema.format !== undefined) return spellMoment(String(value), turn)
  return list.spellings?.[column]?.(String(value)) ?? String(value)
}

/** A moment of the configured zone in the forms of the wire. */
export function spellMoment(moment: string, turn: number): string {
  const forms = [
    moment,
    moment.replaceAll('-', '/'),
    moment.replaceAll('-', ''),
    String(Date.parse(`${moment.replace(' ', 'T')}+08:00`)),
  ]
  return forms[turn % forms.length] ?? moment
}
