import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

/** Where in a delivery the server stops: after what it was told last it says nothing more, or what leads nowhere. */
export type SmtpStage = 'greeting' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'end of data'

/** A mail server that takes a mail as far as a stage. */
export interface StallingSmtp {
  /** With a user and a password. */
  readonly url: string
  /** Absent, it takes the whole mail. */
  stage: SmtpStage | undefined
  /** Whether it keeps a stalled client waiting with lines of an answer that never ends. */
  drips: boolean
  /** Connections that are open. */
  readonly open: number
  stop(): Promise<void>
}

const greeting = '220 stand-in ESMTP\r\n'
const answers: readonly [SmtpStage, RegExp, string][] = [
  ['EHLO', /^(?:EHLO|HELO) /i, '250-stand-in\r\n250 AUTH PLAIN\r\n'],
  ['AUTH', /^AUTH /i, '235 welcome\r\n'],
  ['MAIL', /^MAIL FROM:/i, '250 ok\r\n'],
  ['RCPT', /^RCPT TO:/i, '250 ok\r\n'],
  ['DATA', /^DATA$/i, '354 go on\r\n'],
  ['end of data', /^\.$/, '250 taken\r\n'],
]
const dripMilliseconds = 30

export async function startStallingSmtp(): Promise<StallingSmtp> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
    talk(socket, smtp)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const smtp: StallingSmtp = {
    url: `smtp://user:password@127.0.0.1:${port}`,
    stage: undefined,
    drips: false,
    get open() {
      return sockets.size
    },
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
  return smtp
}

function talk(socket: Socket, smtp: StallingSmtp): void {
  const answer = (stage: SmtpStage, text: string) => {
    if (smtp.stage !== stage) socket.write(text)
    else if (smtp.drips) drip(socket, text.slice(0, 3))
  }
  answer('greeting', greeting)
  let rest = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const known = answers.find(([, pattern]) => pattern.test(line))
      if (known) answer(known[0], known[2])
      else if (/^(?:QUIT|RSET|NOOP)$/i.test(line)) socket.write('250 ok\r\n')
    }
  })
}

function drip(socket: Socket, code: string): void {
  const timer = setInterval(() => socket.write(`${code}-wait\r\n`), dripMilliseconds)
  socket.once('close', () => clearInterval(timer))
}
