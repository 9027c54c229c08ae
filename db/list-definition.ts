import type { Knex } from 'knex'
import type { CompiledShapes } from './compiled-read.js'

/** A list whose row has these columns. Everything in it is SQL that we wrote: callers choose names, never bring any. */
export interface ListDefinition<Row> extends ListSource {
  readonly columns: Readonly<Record<keyof Row & string, string>>
  readonly sortable: readonly (keyof Row & string)[]
  readonly searchable: readonly (keyof Row & string)[]
  readonly key: keyof Row & string
}

/** What a list is made of. */
export interface ListSource {
  /** The rows before any filter: a table, with the joins that decide which of its rows are there. */
  readonly from: (db: Knex) => Knex.QueryBuilder
  /**
   * What is only looked up for a row: left joins, by the name that they give their table, each after those it needs.
   * None may multiply rows. Rows are counted without those that no filter or search names.
   */
  readonly joins?: Readonly<Record<string, string>>
  /** What a row is made of: its names on the wire, each with the SQL it stands for. */
  readonly columns: Readonly<Record<string, string>>
  /** The names that may be filtered by, each with its SQL. */
  readonly filters: Readonly<Record<string, string>>
  /** Filters that find a part of the column of their name, as a search does. */
  readonly partial?: readonly string[]
  /** The columns that may be sorted by. */
  readonly sortable: readonly string[]
  /** The columns that may be searched for a part of their text. */
  readonly searchable: readonly string[]
  /** SQL of the time, in milliseconds, that createTimeStart and createTimeEnd bound; absent: nothing is bounded. */
  readonly time?: string
  /** `time` is a date and time of the configured zone instead, `1971-01-01 00:00:00`. */
  readonly timeIsDate?: true
  /** The order when none is asked for. */
  readonly order: readonly ListOrder[]
  /** Lists that belong to one user are asked for all the time. */
  readonly owner?: ListOwner
  /** A column without duplicates: it decides between rows that are equal otherwise, so that pages never overlap. */
  readonly key: string
}

/** Whose rows a list has, and the statements that are kept for all such lists. */
interface ListOwner {
  readonly column: string
  readonly userId: number
  readonly statements: CompiledShapes
}

export interface ListOrder {
  readonly column: string
  readonly descending: boolean
}

/** What a caller asked of a list; every column is one that the definition lets callers name. */
export interface ListRequest {
  /** From 1. */
  readonly page: number
  readonly size: number
  readonly order: readonly ListOrder[]
  readonly equals: readonly (readonly [filter: string, value: string | number])[]
  readonly contains: readonly (readonly [column: string, part: string])[]
  /** Milliseconds, or text where the list's time is a date; included. */
  readonly since?: number | string
  /** The same; the last one that is included. */
  readonly until?: number | string
}
