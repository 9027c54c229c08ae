import { CommanderError } from 'commander'
import { ConfigurationError } from '../../../config/env.js'
import { explainDatabaseError } from '../../../db/explain.js'
import { ShopRefusedError } from '../../../db/shop/refused.js'
import { DatabaseSessionError, isDatabaseError, isDatabaseUnavailable } from '../../../db/unavailable.js'
import { GatewayError } from '../../outcome/errors.js'
import { AppRegistryError } from '../../services/apps/registry.js'
import { showable } from './print.js'

/** A command that can't be carried out; the message says why in one line. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError'
}

/** A wrong command line; the message names the argument. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError'
}

/** 0 after help that was asked for, 2 for a wrong command line, 1 for everything else that failed. */
export function exitCodeOf(error: unknown): 0 | 1 | 2 {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  // The registry's message begins with the name of a wrong argument.
  const namesArgument = error instanceof AppRegistryError && /^(?:NAME|--\w+):/.test(error.message)
  return error instanceof UsageError || namesArgument ? 2 : 1
}

/**
 * What standard error tells of a failure: one line without a stack (the configuration's own message and that of a
 * shop have one per problem). Undefined where commander has told it already.
 */
export function explain(error: unknown): string | undefined {
  if (error instanceof CommanderError) return undefined
  if (error instanceof ConfigurationError || error instanceof ShopRefusedError) return error.message
  return `error: ${showable(reasonOf(error).replaceAll(/\s*\n\s*/g, ' '))}`
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof GatewayError) return error.detail ?? error.key
  if (error instanceof DatabaseSessionError) return error.message
  // A database's message may hold values and its password, so what it says is shown without them.
  if (isDatabaseUnavailable(error))
    return `the database cannot be reached or is too busy: ${explainDatabaseError(error)}${whereOf(error)}`
  if (isDatabaseError(error) || 'sql' in error)
    return `the database refused the command: ${explainDatabaseError(error)}${whereOf(error)}`
  return error.message
}

/** Which database it was, where the command's session noted it. */
function whereOf(error: Error): string {
  return 'database' in error ? `; ${String(error.database)}` : ''
}
