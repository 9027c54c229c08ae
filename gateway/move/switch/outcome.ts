import { headerOf } from '../traffic/exchange.js'
import { decodeBody } from '../traffic/decoded-body.js'
import { readJsonTree } from '../traffic/json-tree.js'
import { splitAnswer } from '../traffic/rewrite.js'

/** How a server did with a call. A call that it refused for a reason of the caller's is no error. */
export interface Outcome {
  readonly isError: boolean
  readonly isSuccess: boolean
}

/** What an answer is read of; undefined where the body was too large to be kept. */
export interface ReadAnswer {
  readonly status: number
  readonly headers: readonly string[]
  readonly body: Buffer | undefined
}

const mostUnpacked = 1024 * 1024
/** Numbers and names of both envelopes for what is the server's own fault. */
const faultCodes = new Set(['998', '999'])
const faultNames = new Set(['SERVICE_ERROR', 'UNAVAILABLE', 'BROWNED_OUT'])

/** Reads an answer as a client does: HTTP status, then the envelope's own. */
export function readOutcome({ status, headers, body }: ReadAnswer): Outcome {
  if (status >= 500) return { isError: true, isSuccess: false }
  const text = decodeBody(body, headerOf(headers, 'content-encoding'), mostUnpacked)?.toString('utf8') ?? ''
  const tree = readJsonTree(splitAnswer(text).json)
  const isPlain = status < 400
  if (tree?.kind !== 'object') return { isError: false, isSuccess: isPlain }
  const field = (name: string): string | undefined => {
    const value = tree.members.find((member) => member.name === name)?.value
    return value === undefined || value.kind === 'object' || value.kind === 'list' ? undefined : value.text
  }
  const isError = faultCodes.has(field('code') ?? '') || faultNames.has(field('error') ?? '')
  return { isError, isSuccess: isPlain && (field('status') ?? field('code') ?? '200') === '200' }
}
