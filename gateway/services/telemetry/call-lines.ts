import { pino } from 'pino'

/** What a line says of one answered call. All but the path is of our own making or checked, so needs no escapes. */
export interface CallFields {
  /** The caller's own is `[\w.-]` only. */
  readonly requestId: string
  /** Of the trace that the call belongs to: 32 hexadecimal digits. */
  readonly traceId?: string | undefined
  readonly method: string | undefined
  readonly path: string
  readonly app: string | undefined
  readonly ip: string
  readonly status: number
  readonly code: number
  readonly milliseconds: number
}

/** The time of a log line, given as epoch milliseconds, in the form that pino wants. */
export type Timestamp = (now: number) => string

/** Its seconds are written once each: formatting a date costs as much as a line. */
export function createTimestamp(): Timestamp {
  let second = -1
  let prefix = ''
  return (now) => {
    const milliseconds = now % 1000
    if (now - milliseconds !== second) {
      second = now - milliseconds
      prefix = `,"time":"${new Date(second).toISOString().slice(0, -4)}`
    }
    return `${prefix}${String(milliseconds).padStart(3, '0')}Z"`
  }
}

export interface CallLines {
  hold(fields: CallFields): void
  /** Writes what is held. Other lines must come after it, or the log would be out of order. */
  write(): void
}

/**
 * The lines of answered calls. They are written out by hand, and `most` at a time: between two requests the processor
 * has forgotten how, which made a single line cost ten times as much.
 */
export function createCallLines(
  most: number,
  timestamp: Timestamp,
  output: (line: string) => void,
): CallLines {
  let held: { readonly at: number; readonly fields: CallFields }[] = []
  const write = () => {
    const calls = held
    held = []
    for (const { at, fields } of calls) output(describeCall(timestamp(at), fields))
  }
  return {
    hold(fields) {
      held.push({ at: Date.now(), fields })
      if (held.length >= most) write()
    },
    write,
  }
}

function describeCall(time: string, fields: CallFields): string {
  const { requestId, traceId, method, path, app, ip, status, code, milliseconds } = fields
  const named = method === undefined ? '' : `,"method":"${method}"`
  const traced = traceId === undefined ? '' : `,"traceId":"${traceId}"`
  const signed = app === undefined ? '' : `,"app":"${app}"`
  return (
    `{"level":${pino.levels.values['info']}${time},"requestId":"${requestId}"${traced}${named},` +
    `"path":${JSON.stringify(path)}${signed},"ip":"${ip}","status":${status},"code":${code},` +
    `"milliseconds":${milliseconds},"msg":"call"}\n`
  )
}
