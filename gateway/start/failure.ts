import { loadConfig } from '../../config/config.js'
import { ConfigurationError } from '../../config/env.js'
import { describeTarget, explainDatabaseError } from '../../db/explain.js'
import { ShopRefusedError } from '../../db/shop/refused.js'
import { DatabaseHeldError } from '../../db/sole-server.js'
import { TracingAbsentError } from '../services/telemetry/tracing.js'
import { DatabaseSessionError, isDatabaseError } from '../../db/unavailable.js'

const explained = [
  ConfigurationError,
  ShopRefusedError,
  DatabaseHeldError,
  DatabaseSessionError,
  TracingAbsentError,
]

/** Why a server could not start, for its operator. */
export function explainFailure(error: unknown): string {
  if (error instanceof Error && explained.some((kind) => error instanceof kind)) return error.message
  return `the server could not start: ${explain(error)}`
}

/** A database's message may hold values and its password, so what it says is shown without them, and which it was. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (isDatabaseError(error))
    return `${explainDatabaseError(error)}; ${describeTarget(loadConfig().database)}`
  if ('code' in error && error.code === 'EADDRINUSE' && 'port' in error)
    return `port ${String(error.port)} is in use already (PORT)`
  return 'code' in error ? `${error.name} ${String(error.code)}` : (error.stack ?? error.message)
}
