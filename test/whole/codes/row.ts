import type { HttpAnswer } from '../../fetch-answer.js'
import type { Customers } from './customers.js'

/** A row of the tables of account-beside.md §5: a call, and what its customer is told. */
export type Row = readonly [
  what: string,
  code: 0 | 300 | 401,
  text: string,
  error: string,
  call: (customers: Customers) => Promise<HttpAnswer>,
]
