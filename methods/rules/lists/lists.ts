import { readListPage } from '../../../db/list-query.js'
import type { ListDefinition } from '../../../db/list-definition.js'
import type { Services } from '../../../gateway/services/services.js'
import { type ListCall, readListRequest } from './requests.js'

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
