import type { ListRequest, ListSource } from '../../../db/list-definition.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { parseMoment } from '../../../gateway/wire/dates.js'
import { defined } from '../../../gateway/wire/defined-fields.js'
import { type RawParameters, readOrder, readSearches, type SortParameters } from './numbered-entries.js'

const mostRows = 500

/** The parameters of every list (schemas/defs.json); those of the same name as one of its filters filter it. */
export interface ListParameters extends SortParameters {
  readonly page: number
  readonly size: number
  readonly createTimeStart?: string
  readonly createTimeEnd?: string
}

/** A call of a list, its parameters as the contract has them and as they came. */
export interface ListCall {
  readonly params: ListParameters
  readonly raw?: RawParameters
}

/** What a call asks of a list. Throws PAGE_SIZE, PARAM_ERROR. */
export function readListRequest(source: ListSource, call: ListCall, timeZone: string): ListRequest {
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
