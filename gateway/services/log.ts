import { type Logger, pino } from 'pino'
import { isDatabaseError } from '../../db/transaction.js'
import { GatewayError } from '../errors.js'

/**
 * What a log line may hold. Parameters, bodies, query strings, codes, tokens and addresses of users are not among
 * them, so no call site can log one by mistake.
 */
export interface LogFields {
  readonly requestId?: string | undefined
  readonly method?: string | undefined
  readonly path?: string | undefined
  readonly app?: string | undefined
  readonly userId?: number | undefined
  readonly ip?: string | undefined
  readonly status?: number | undefined
  readonly code?: number | undefined
  readonly milliseconds?: number | undefined
  readonly count?: number | undefined
  readonly address?: string | undefined
  readonly jobId?: number | undefined
  readonly template?: string | undefined
  readonly provider?: string | undefined
  readonly reason?: string | undefined
  readonly detail?: string | undefined
  readonly names?: readonly string[] | undefined
  readonly error?: unknown
}

export interface Log {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
  /** Whether a level is written at all, so that a hot path can skip making its line. */
  enabled(level: 'debug' | 'info'): boolean
  /** Writes what is still buffered; called before the process ends. */
  flush(): void
}

const fieldNames = [
  'requestId',
  'method',
  'path',
  'app',
  'userId',
  'ip',
  'status',
  'code',
  'milliseconds',
  'count',
  'address',
  'jobId',
  'template',
  'provider',
  'reason',
  'detail',
  'names',
] as const satisfies readonly Exclude<keyof LogFields, 'error'>[]

/** Where lines go; tests collect them. */
export interface LogDestination {
  write(line: string): void
  flush(): void
  flushSync(): void
}

const bufferedBytes = 4096

/** Logs JSON lines to standard output, buffered: a line costs no system call of its own. */
export function createLog(
  level: string,
  destination: LogDestination = pino.destination({ sync: false, minLength: bufferedBytes }),
): Log {
  const logger: Logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination)
  const flushing = setInterval(() => destination.flush(), 1000)
  flushing.unref()
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: LogFields, message: string) =>
    logger.isLevelEnabled(level) && logger[level](pickFields(fields), message)
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    enabled: (level) => logger.isLevelEnabled(level),
    flush: () => destination.flushSync(),
  }
}

function pickFields(fields: LogFields): Record<string, unknown> {
  const line: Record<string, unknown> = {}
  for (const name of fieldNames) if (fields[name] !== undefined) line[name] = fields[name]
  if (fields.error !== undefined) line['error'] = describeError(fields.error)
  return line
}

/**
 * An error without its secrets: the message of a database error holds the statement with its values, so only its
 * code and where it came from are kept.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error }
  const code = 'code' in error ? String(error.code) : undefined
  const frames = error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')
  if (error instanceof GatewayError) return { name: error.error, detail: error.detail, ...cause(error) }
  if (isDatabaseError(error) || 'sql' in error) return { name: error.name, code, stack: frames }
  return { name: error.name, code, message: error.message, stack: frames, ...cause(error) }
}

function cause(error: Error): { cause?: Record<string, unknown> } {
  return error.cause === undefined ? {} : { cause: describeError(error.cause) }
}
