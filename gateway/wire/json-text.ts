import { isLosslessNumber, parse } from 'lossless-json'
import { GatewayError } from '../outcome/errors.js'

/**
 * What a JSON text says; of a repeated name the first value counts. Numbers keep the text they were written with, as it
 * is what a signature covers. Throws PARAM_ERROR that names the parameter.
 */
export function parseJson(text: string, name: string): unknown {
  try {
    return parse(text, undefined, { onDuplicateKey: ({ oldValue }) => oldValue })
  } catch {
    throw new GatewayError('PARAM_ERROR', { detail: `${name}: JSON` })
  }
}

/** Whether parsed JSON is `{…}`. */
export function isJsonObject(value: unknown): value is object {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !isLosslessNumber(value)
}

/** The scalars of a JSON object by their JSON text: what it says of parameters (passport.md §3). */
export function scalarsOf(body: object): [string, string][] {
  const pairs: [string, string][] = []
  for (const [name, value] of Object.entries(body)) {
    const text = scalarText(value)
    if (text !== undefined) pairs.push([wellFormed(name), wellFormed(text)])
  }
  return pairs
}

function scalarText(value: unknown): string | undefined {
  if (isLosslessNumber(value)) return value.value
  if (typeof value === 'string') return value
  return value === null || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** JSON can say half a surrogate pair, which UTF-8 and so a form, a signature and a database can't. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}
