import {
  type ListDefinition,
  type ListOrder,
  type ListRequest,
  type ListSource,
  readListPage,
} from '../../db/list-query.js'
import { GatewayError } from '../../gateway/outcome/errors.js'
import type { Services } from '../../gateway/services/services.js'
import { parseMoment } from '../../gateway/wire/dates.js'
import { defined } from '../../gateway/wire/defined-fields.js'

const mostRows = 500
/** How many `order[n]` and `like[n]` one call may hold. */
const mostEntries = 10
const mostPartCharacters = 255

type RawParameters = Readonly<Record<string, string>>

/** The parameters of every list (schemas/defs.json); those of the same name as one of its filters filter it. */
export interface ListParameters {
  readonly page: number
  readonly size: number
  readonly sidx?: string
  readonly sort?: string
  readonly createTimeStart?: string
  readonly createTimeEnd?: string
}

interface ListCall {
  readonly params: ListParameters
  readonly raw?: RawParameters
}

/** A list: what it is made of, and how a row is shown. */
export interface List<Row, Item> {
  readonly definition: ListDefinition<Row>
  readonly describe: (row: Row) => Item
}

export interface ListAnswer<Item> {
  readonly items: Item[]
  readonly page: number
  readonly size: number
  /** Number of rows. */
  readonly records: number
  /** Number of pages. */
  readonly total: number
}

/**
 * Answers a list as account.md §3 has it: paged, sorted by sidx and order[n], searched by like[n], filtered by equality.
 * Throws PAGE_SIZE, PARAM_ERROR for a column that is not on the list's own.
 */
export async function answerList<Row, Item>(
  { db, config }: Pick<Services, 'db' | 'config'>,
  { definition, describe }: List<Row, Item>,
  call: ListCall,
): Promise<ListAnswer<Item>> {
  const { page, size } = call.params
  const request = readListRequest(definition, call, config.timeZone)
  const { rows, records } = await readListPage(db, definition, request)
  return { items: rows.map(describe), page, size, records, total: Math.ceil(records / size) }
}

function readListRequest(source: ListSource, call: ListCall, timeZone: string): ListRequest {
  const { params, raw = {} } = call
  const { page, size } = params
  if (size > mostRows) throw new GatewayError('PAGE_SIZE')
  return {
    page,
    size,
    order: readOrder(source, params, raw),
    equals: readFilters(source, params),
    contains: [...readSearches(source, raw), ...readPartialFilters(source, params)],
    ...readBounds(source, call, timeZone),
  }
}

/** `createTimeStart` and `createTimeEnd`, both included. */
function readBounds(
  { timeIsDate }: ListSource,
  { params: { createTimeStart: start, createTimeEnd: end }, raw = {} }: ListCall,
  timeZone: string,
): Pick<ListRequest, 'since' | 'until'> {
  const last = end === undefined ? undefined : lastSecondOf(end, raw)
  if (timeIsDate) return defined({ since: start, until: last })
  return defined({
    since: start === undefined ? undefined : parseMoment(start, timeZone),
    until: last === undefined ? undefined : parseMoment(last, timeZone) + 999,
  })
}

/** A last day that was given without a time counts as a whole. */
function lastSecondOf(end: string, raw: RawParameters): string {
  const written = raw['create_time_end'] ?? raw['createTimeEnd'] ?? ''
  const isDay = /^\d{4}([-/]?)\d{1,2}\1\d{1,2}$/.test(written)
  return isDay ? `${end.slice(0, 10)} 23:59:59` : end
}

function readFilters(source: ListSource, params: object): [string, string | number][] {
  const given = new Map<string, unknown>(Object.entries(params))
  return Object.keys(source.filters).flatMap((name): [string, string | number][] => {
    const value = given.get(name)
    if (typeof value === 'boolean') return [[name, Number(value)]]
    const isGiven = typeof value === 'number' || (typeof value === 'string' && value !== '')
    return isGiven ? [[name, value]] : []
  })
}

/** Filters of which a part is enough (account-beside.md §4: the admin site's search boxes). */
function readPartialFilters({ partial = [] }: ListSource, params: object): [string, string][] {
  const given = new Map<string, unknown>(Object.entries(params))
  return partial.flatMap((name): [string, string][] => {
    const part = given.get(name)
    return typeof part === 'string' && part !== '' ? [[name, part]] : []
  })
}

/** `sidx` and `sort` first, then `order[n].sidx` and `order[n].sort`. */
function readOrder(source: ListSource, params: ListParameters, raw: RawParameters): ListOrder[] {
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

function readSearches(source: ListSource, raw: RawParameters): [string, string][] {
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
