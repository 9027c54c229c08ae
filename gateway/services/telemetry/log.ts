import { type Logger, pino } from 'pino'
import { databaseWords } from '../../../db/explain.js'
import { DatabaseSessionError, isDatabaseError } from '../../../db/unavailable.js'
import { GatewayError } from '../../outcome/errors.js'
import { type CallFields, createCallLines, createTimestamp } from './call-lines.js'

/**
 * What a log line may hold. Parameters, bodies, query strings, codes, tokens and addresses of users are not among
 * them, so no call site can log one by mistake.
 */
interface LogFields {
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
  /** The line of an answered call, at level info. */
  call(fields: CallFields): void
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
  /** Whether a level is written at all, so that a hot path can skip making its line. */
  enabled(level: 'debug' | 'info'): boolean
  /** Writes what is still buffered; called before the process ends. */
  flush(): void
  /** The same, and no longer every second; lines that come later are written one by one. */
  close(): void
}

const fieldNames: ReadonlySet<string> = new Set([
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
] satisfies Exclude<keyof LogFields, 'error'>[])

/** Where lines go; tests collect them. */
export interface LogDestination {
  write(line: string): void
  flush(): void
  flushSync(): void
  /** Keeps no more lines back. */
  close?(): void
}

const bufferedCharacters = 16 * 1024
const heldCalls = 64

/** Logs JSON lines to standard output, buffered: a line costs no system call of its own. */
export function createLog(level: string, destination?: LogDestination): Log {
  const timestamp = createTimestamp()
  const calls = createCallLines(destination ? 1 : heldCalls, timestamp, (line) => output.write(line))
  // However the process ends, held lines must reach the output before that closes itself on the same event.
  const atEnd = destination ? undefined : beforeProcessEnds(() => calls.write())
  const output = destination ?? createBufferedOutput()
  const write: LogDestination['write'] = (line) => {
    calls.write()
    output.write(line)
  }
  const logger: Logger = pino({ level, base: null, timestamp: () => timestamp(Date.now()) }, { write })
  // Asked for every call.
  const isInfo = logger.isLevelEnabled('info')
  const flushing = setInterval(() => {
    calls.write()
    output.flush()
  }, 1000)
  flushing.unref()
  const flush = () => {
    calls.write()
    output.flushSync()
  }
  let isClosed = false
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: LogFields, message: string) =>
    logger.isLevelEnabled(level) && logger[level](pickFields(fields), message)
  return {
    call(fields) {
      if (!isInfo) return
      calls.hold(fields)
      if (isClosed) calls.write()
    },
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    enabled: (level) => (level === 'info' ? isInfo : logger.isLevelEnabled(level)),
    flush,
    close() {
      clearInterval(flushing)
      flush()
      isClosed = true
      atEnd?.cancel()
      output.close?.()
    },
  }
}

/** Standard output by the chunk. pino's own buffer counts the bytes of each line, which costs more than the line. */
function createBufferedOutput(): LogDestination {
  let pending = ''
  let mostPending = bufferedCharacters
  const pass = () => {
    if (pending !== '') output.write(pending)
    pending = ''
  }
  // However the process ends, what is pending must reach pino's output before that closes itself on the same event.
  const atEnd = beforeProcessEnds(pass)
  const output = pino.destination({ sync: false, maxWrite: 4 * bufferedCharacters })
  return {
    write(line) {
      pending += line
      if (pending.length >= mostPending) pass()
    },
    flush: pass,
    flushSync() {
      pass()
      output.flushSync()
    },
    close() {
      mostPending = 0
      atEnd.cancel()
    },
  }
}

/** Does something when the process ends, in whatever way it does, unless it is cancelled. */
function beforeProcessEnds(write: () => void): { cancel(): void } {
  process.once('beforeExit', write).once('exit', write)
  return { cancel: () => void process.off('beforeExit', write).off('exit', write) }
}

function pickFields(fields: LogFields): Record<string, unknown> {
  const line: Record<string, unknown> = {}
  for (const name in fields) if (fieldNames.has(name)) line[name] = fields[name as keyof LogFields]
  if (fields.error !== undefined) line['error'] = describeError(fields.error)
  return line
}

/**
 * An error without its secrets: the message of a database error holds the statement with its values, so only its code,
 * what the database said, the kind of statement and its table, and where it came from are kept.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error }
  const code = 'code' in error ? String(error.code) : undefined
  const frames = error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')
  if (error instanceof GatewayError) return { name: error.key, detail: error.detail, ...cause(error) }
  // Its message holds no values, but names what to change.
  if (error instanceof DatabaseSessionError) return { name: error.name, message: error.message }
  if (isDatabaseError(error) || 'sql' in error) {
    const { words, statement, table } = databaseWords(error)
    return { name: error.name, code, words, statement, table, stack: frames }
  }
  return { name: error.name, code, message: error.message, stack: frames, ...cause(error) }
}

function cause(error: Error): { cause?: Record<string, unknown> } {
  return error.cause === undefined ? {} : { cause: describeError(error.cause) }
}
