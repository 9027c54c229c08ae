import type { IncomingMessage, ServerResponse } from 'node:http'
import { methodTable } from '../methods/table.js'
import { createBatch } from './batch.js'
import { createClientAddress } from './http/client-address.js'
import { type CompiledTable, compileTable } from './contract/compile-table.js'
import { createCors } from './http/cors.js'
import { createAccountDialect } from './dialects/account.js'
import { createPassportDialect } from './dialects/passport.js'
import { createDispatch } from './dispatch.js'
import type { Dispatch } from './dialects/dialect.js'
import { createEdge } from './http/edge.js'
import type { Services } from './services/services.js'
import { createServe } from './http/serve.js'

/** The two wire endpoints over one core, independent of how requests reach them. */
export interface Gateway {
  readonly table: CompiledTable
  readonly dispatch: Dispatch
  /** Whether developers' pages are there, of which one is on `/` (CONSOLE). */
  readonly hasConsole: boolean
  /** `/gateway?method=…` and `/gateway/NAME` in the passport envelope. */
  servePassport(request: IncomingMessage, response: ServerResponse): void
  /** `/front/…` and `/manage/…` in the account envelope. */
  serveAccount(request: IncomingMessage, response: ServerResponse): void
}

export function createGateway(
  services: Services,
  table: CompiledTable = compileTable(methodTable, services.config.timeZone),
): Gateway {
  const { config } = services
  const dispatch = createDispatch(table, services)
  const edge = createEdge(createClientAddress(config.trustProxy), {
    looksForLocal: config.passport.unsigned,
    mostFileBytes: config.uploads.bytes,
  })
  const performBatch = createBatch({ table, dispatch, services })
  const cors = createCors(config.corsOrigins)
  const serve = createServe({ edge, dispatch, performBatch, cors, services })
  const passport = createPassportDialect(table, {
    salt: config.passport.salt,
    showDetail: config.environment === 'development',
  })
  const account = createAccountDialect(table)
  return {
    table,
    dispatch,
    hasConsole: config.console,
    servePassport: (request, response) => serve(request, response, passport),
    serveAccount: (request, response) => serve(request, response, account),
  }
}
