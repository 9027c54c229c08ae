import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import PostalMime, { type Address } from 'postal-mime'
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'
import { freePort } from './processes/process.js'

const REFUSAL_CODE = 451
/** How long a client that keeps its connection open may delay `stop`. */
const CLOSE_TIMEOUT_MS = 50

/** A message as its reader sees it; addresses without the names beside them. */
type ReceivedMessage = {
  readonly from: string
  readonly fromName: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** A mail server that delivers to memory. Any user name and password will do, and so does none. */
export type SmtpServer = {
  readonly url: string
  /** What was accepted so far, oldest first. */
  readonly messages: readonly ReceivedMessage[]
  /** Refuses every message sent: `true` with 451, a number with that reply code. */
  refuse: boolean | number
  /** Forgets the messages received so far. */
  clear(): void
  /** Closes the port and every connection. */
  stop(): Promise<void>
  /** Opens the same port again after `stop`. */
  start(): Promise<void>
}

/** Starts a mail server without TLS on a free loopback port. */
export async function startSmtp(): Promise<SmtpServer> {
  const port = await freePort()
  const messages: ReceivedMessage[] = []
  let server: SMTPServer | undefined
  const smtp: SmtpServer = {
    url: `smtp://127.0.0.1:${port}`,
    messages,
    refuse: false,
    clear: () => {
      messages.length = 0
    },
    stop: async () => {
      await close(server)
      server = undefined
    },
    start: async () => {
      server ??= await listen(port, async (stream) => {
        const raw = await buffer(stream)
        refuseIf(smtp.refuse)
        messages.push(await parse(raw))
      })
    },
  }
  await smtp.start()
  return smtp
}

async function listen(
  port: number,
  receive: (stream: SMTPServerDataStream) => Promise<void>,
): Promise<SMTPServer> {
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    onAuth: (auth, _session, callback) => callback(null, { user: auth.username ?? 'anonymous' }),
    onData: (stream, _session, callback) => {
      void tellOutcome(receive(stream), callback)
    },
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  // A client that drops its connection is the client's affair; unheard, the event would end the run.
  server.on('error', () => {})
  return server
}

/** Accepts the message, or refuses it with the error that receiving it ended in. */
async function tellOutcome(received: Promise<void>, tell: (refusal: Error | null) => void): Promise<void> {
  try {
    await received
  } catch (error) {
    tell(error instanceof Error ? error : new Error(String(error)))
    return
  }
  tell(null)
}

async function close(server: SMTPServer | undefined): Promise<void> {
  if (server === undefined) return
  await new Promise<void>((resolve) => server.close(resolve))
}

function refuseIf(refuse: boolean | number): void {
  if (refuse === false) return
  const responseCode = refuse === true ? REFUSAL_CODE : refuse
  throw Object.assign(new Error('Refused by the test'), { responseCode })
}

async function parse(raw: Buffer): Promise<ReceivedMessage> {
  const email = await PostalMime.parse(raw)
  return {
    from: email.from?.address ?? '',
    fromName: email.from?.name ?? '',
    to: (email.to ?? []).flatMap(addresses),
    subject: email.subject ?? '',
    text: email.text ?? '',
    html: email.html ?? '',
  }
}

function addresses(entry: Address): string[] {
  return entry.group === undefined ? [entry.address] : entry.group.map((member) => member.address)
}
