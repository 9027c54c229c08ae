import type { ListOrder, ListSource } from '../../../db/list-definition.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'

/** How many `order[n]` and `like[n]` one call may hold. */
const mostEntries = 10

const mostPartCharacters = 255

/** Parameters as they came, by their names on the wire. */
export type RawParameters = Readonly<Record<string, string>>

/** One column that a list is sorted by, as a call names it without a number. */
export interface SortParameters {
  readonly sidx?: string
  readonly sort?: string
}

/** `sidx` and `sort` first, then `order[n].sidx` and `order[n].sort`. */
export function readOrder(source: ListSource, params: SortParameters, raw: RawParameters): ListOrder[] {
  const entries = [
    { name: 'sidx', column: params.sidx, sort: params.sort },
    ...indexesOf('order', raw).map((at) => ({
      name: `order[${at}].sidx`,
      column: raw[`order[${at}].sidx`],
      sort: raw[`order[${at}].sort`],
    })),
  ]
  return entries.flatMap(({ name, column, sort }) => {
    if (!isGiven(column)) return []
    const known = knownColumn(source.sortable, column, name)
    return [{ column: known, descending: sort?.toLowerCase() !== 'asc' }]
  })
}

export function readSearches(source: ListSource, raw: RawParameters): [string, string][] {
  return indexesOf('like', raw).flatMap((at): [string, string][] => {
    const [column, part] = [raw[`like[${at}].column`], raw[`like[${at}].like`]]
    if (!isGiven(column) || !isGiven(part)) return []
    const name = `like[${at}].column`
    if (part.length > mostPartCharacters || part.includes('\0')) {
      const detail = `like[${at}].like: text of at most ${mostPartCharacters} characters`
      throw new GatewayError('PARAM_ERROR', { detail })
    }
    return [[knownColumn(source.searchable, column, name), part]]
  })
}

const entryNames = {
  order: /^order\[(0|[1-9]\d{0,2})\]\.sidx$/,
  like: /^like\[(0|[1-9]\d{0,2})\]\.column$/,
}

/** The n of `order[n].sidx` or `like[n].column`, in their order. */
function indexesOf(group: keyof typeof entryNames, raw: RawParameters): number[] {
  const indexes = Object.keys(raw).flatMap((name) => {
    const at = entryNames[group].exec(name)?.[1]
    return at === undefined ? [] : [Number(at)]
  })
  if (indexes.length > mostEntries)
    throw new GatewayError('PARAM_ERROR', { detail: `${group}[n]: at most ${mostEntries}` })
  return indexes.sort((left, right) => left - right)
}

/** False for what clients send for nothing (account.md §3). */
function isGiven(text: string | undefined): text is string {
  return text !== undefined && !['', 'null', 'undefined', 'NaN'].includes(text)
}

/** Columns are written as on the wire, in either spelling. Only what looks like a name is told back. */
function knownColumn(columns: readonly string[], text: string, parameter: string): string {
  const known = columns.find((column) => column === text || camelCase(column) === text)
  if (known !== undefined) return known
  const asked = /^\w{1,64}$/.test(text) ? `${text} is none` : 'one'
  throw new GatewayError('PARAM_ERROR', { detail: `${parameter}: ${asked} of ${columns.join(', ')}` })
}

function camelCase(column: string): string {
  return column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
