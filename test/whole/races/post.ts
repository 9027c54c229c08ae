import { type Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { RawParameters } from '../../../gateway/wire/query-string.js'

export interface RaceAnswer {
  readonly status: number
  /** The envelope's code. */
  readonly code: number
  readonly body: string
}

/** A call, signed, and the connections it may take. */
export interface Sending {
  readonly url: string
  readonly agent: Agent
  readonly params: RawParameters
  /** Where it comes from, as a trusted proxy says. */
  readonly ip?: string | undefined
  readonly idempotencyKey?: string | undefined
}

/** Told when a call has left this process and when its answer begins. */
export interface Milestones {
  onLeft?(): void
  onAnswer?(): void
}

/** Posts a call as a form. */
export async function post(sending: Sending, milestones: Milestones = {}): Promise<RaceAnswer> {
  const response = await exchange(sending, milestones)
  const body = await text(response)
  const { code }: { code: number } = JSON.parse(body)
  return { status: response.statusCode ?? 0, code, body }
}

function exchange(
  { url, agent, params, ip, idempotencyKey }: Sending,
  milestones: Milestones,
): Promise<IncomingMessage> {
  const form = new URLSearchParams(params).toString()
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': Buffer.byteLength(form),
    ...(ip !== undefined && { 'X-Real-IP': ip }),
    ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
  }
  return new Promise((resolve, reject) => {
    const call = request(`${url}/gateway`, { method: 'POST', agent, headers }, (response) => {
      milestones.onAnswer?.()
      resolve(response)
    })
    call.once('finish', () => milestones.onLeft?.())
    call.once('error', reject)
    call.end(form)
  })
}
