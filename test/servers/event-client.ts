import { type ClientRequest, get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** One event as a browser would hand it on; `data` is read as JSON. */
interface ReceivedEvent {
  readonly id: string
  readonly event: string
  readonly data: Readonly<Record<string, unknown>>
}

/** A stream of Server-Sent Events, read as browsers read it. */
export interface EventClient {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly events: readonly ReceivedEvent[]
  /** Everything as it came. */
  text(): string
  /** The id that a browser would send when it comes back. */
  lastEventId(): string
  /** Whether the server has ended the stream. */
  hasEnded(): boolean
  /** Hangs up. */
  cut(): void
  /** Stops reading. */
  pause(): void
}

/** Asks for a stream, and resolves when its head is there, whatever it says. */
export async function openEventClient(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<EventClient> {
  const [request, response] = await send(url, headers)
  const events: ReceivedEvent[] = []
  let text = ''
  let rest = ''
  let lastId = ''
  let hasEnded = false
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => splitLine(line)))
      lastId = fields.get('id') ?? lastId
      const data = fields.get('data')
      if (data !== undefined)
        events.push({ id: lastId, event: fields.get('event') ?? 'message', data: JSON.parse(data) })
    }
  })
  response.on('close', () => (hasEnded = true)).on('error', () => (hasEnded = true))
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    text: () => text,
    lastEventId: () => lastId,
    hasEnded: () => hasEnded,
    cut: () => void request.destroy(),
    pause: () => void response.pause(),
  }
}

function send(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<[ClientRequest, IncomingMessage]> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, agent: false }, (response) => resolve([request, response]))
    request.on('error', reject)
  })
}

function splitLine(line: string): readonly [string, string] {
  const at = line.indexOf(': ')
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 2)]
}

/** Waits as long as mocha lets the test wait. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(10)
}
