import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'

/** An upstream that answers in every way that HTTP/1.1 knows. */
export interface OddUpstream {
  readonly url: URL
  readonly port: number
  /** Bodies of calls it has read whole. */
  readonly bodies: string[]
  /** Raw headers of its calls. */
  readonly heads: (readonly string[])[]
  /** Calls that were broken off. */
  readonly brokenOff: () => number
  close(): Promise<void>
}

type Answer = (call: IncomingMessage, answer: ServerResponse) => Promise<void> | void

const cookies = ['Set-Cookie', 'a=1; Path=/', 'Set-Cookie', 'b=2; Path=/; HttpOnly']

const answers: Readonly<Record<string, Answer>> = {
  '/length': (_, answer) => {
    answer.writeHead(200, ['Content-Type', 'text/plain', 'content-LENGTH', '5', 'X-Empty', '', ...cookies])
    answer.end('hello')
  },
  '/chunks': async (_, answer) => {
    answer.writeHead(200, 'Fine', [
      'X-Latin',
      'caf\u00e9',
      'Transfer-Encoding',
      'chunked',
      'Trailer',
      'X-Sum',
    ])
    for (const part of ['one ', 'two ', 'three']) {
      answer.write(part)
      await sleep(15)
    }
    answer.addTrailers({ 'X-Sum': '42' })
    answer.end()
  },
  '/until-closed': (_, answer) => {
    answer.useChunkedEncodingByDefault = false
    answer.removeHeader('transfer-encoding')
    answer.writeHead(200, ['Connection', 'close', 'X-Kind', 'no length'])
    answer.end('ends with the connection')
  },
  '/nothing': (_, answer) => void answer.writeHead(204, ['X-Nothing', '1']).end(),
  '/unchanged': (_, answer) => void answer.writeHead(304, ['ETag', '"1"', 'Content-Length', '77']).end(),
  '/moved': (_, answer) => void answer.writeHead(302, ['Location', '/a?b=c', 'Content-Length', '0']).end(),
  '/packed': (_, answer) => {
    const body = gzipSync('{"code":200,"data":[],"message":"x"}')
    answer.writeHead(200, ['Content-Encoding', 'gzip', 'Content-Length', String(body.length)])
    answer.end(body)
  },
  '/large': (_, answer) => {
    answer.writeHead(200, ['Content-Length', String(3_000_000)])
    answer.end(Buffer.alloc(3_000_000, 'passport '))
  },
  '/broken': (_, answer) => {
    answer.writeHead(200, ['Content-Length', '100'])
    answer.write('only a part')
    setTimeout(() => answer.destroy(), 20)
  },
  '/slow': async (_, answer) => {
    answer.writeHead(200, ['Content-Type', 'text/event-stream', 'Transfer-Encoding', 'chunked'])
    for (let number = 0; number < 200 && !answer.destroyed; number++) {
      answer.write(`data: ${number}\n\n`)
      await sleep(10)
    }
    answer.end()
  },
}

export async function startOddUpstream(): Promise<OddUpstream> {
  const bodies: string[] = []
  const heads: (readonly string[])[] = []
  let brokenOff = 0
  const handle = async (call: IncomingMessage, answer: ServerResponse) => {
    heads.push(call.rawHeaders)
    answer.sendDate = false
    answer.on('close', () => (brokenOff += answer.writableFinished ? 0 : 1))
    const chunks: Buffer[] = []
    call.on('data', (bytes: Buffer) => chunks.push(bytes))
    call.on('end', () => bodies.push(Buffer.concat(chunks).toString('latin1')))
    const { pathname } = new URL(call.url ?? '/', 'http://upstream')
    const answerTo = answers[pathname]
    if (answerTo) return answerTo(call, answer)
    call.on('end', () => answer.end(`${call.method} ${call.url} ${Buffer.concat(chunks).length}`))
  }
  const server = createServer({ keepAliveTimeout: 60_000 }, (call, answer) => void handle(call, answer))
  server.on('checkContinue', (call: IncomingMessage, answer: ServerResponse) => {
    if (call.headers['x-refuse']) {
      answer.writeHead(417, ['Content-Length', '0']).end()
      return
    }
    answer.writeContinue()
    void handle(call, answer)
  })
  server.on('upgrade', (call, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n')
    socket.on('data', (bytes: Buffer) => void socket.write(`echo ${call.url} ${bytes.toString()}`))
    socket.on('end', () => socket.end())
    socket.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    port,
    bodies,
    heads,
    brokenOff: () => brokenOff,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
