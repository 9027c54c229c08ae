import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../processes/process.js'

/** An HTTP server standing in for the SMS provider's webhook. */
export type Webhook = {
  readonly url: string
  /** The JSON bodies POSTed so far, oldest first, whatever was answered. */
  readonly bodies: readonly unknown[]
  /** The status of the answers from now on. */
  status: number
  /** How long each answer is held back. */
  delayMs: number
  /** Forgets the bodies received so far. */
  clear(): void
  /** Closes the port and every connection. */
  stop(): Promise<void>
}

/** Starts a webhook on a free loopback port; it answers 200 at once until told otherwise. */
export async function startWebhook(): Promise<Webhook> {
  const port = await freePort()
  const bodies: unknown[] = []
  const webhook: Webhook = {
    url: `http://127.0.0.1:${port}/sms`,
    bodies,
    status: 200,
    delayMs: 0,
    clear: () => {
      bodies.length = 0
    },
    stop: () => close(server),
  }
  const server = createServer((request, response) => {
    answer(request, response, webhook, bodies).catch(() => response.destroy())
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return webhook
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  webhook: Webhook,
  bodies: unknown[],
): Promise<void> {
  const body = parseJson(await text(request))
  if (request.method !== 'POST' || body === undefined) {
    response.writeHead(request.method === 'POST' ? 400 : 405).end()
    return
  }
  bodies.push(body)
  await sleep(webhook.delayMs, undefined, { ref: false })
  response.writeHead(webhook.status, { 'content-type': 'application/json' }).end('{}')
}

/** `undefined`, which JSON does not have, stands for what is not JSON. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
