import { allParameters } from '../traffic/call-parameters.js'
import type { ReadCall } from '../record/files.js'
import { valueKindOf } from '../traffic/sensitive.js'

/** Whether a parameter of this name holds what was texted or mailed, and not what a picture shows. */
export function isTextedCode(name: string): boolean {
  return /^(?:code|verify_?code|sms_?code)$/i.test(name)
}

/**
 * The addresses to which the code in a call may have been sent, as an outbox has them: `+8613912345678`, `a@b.example`.
 * None where there is no such code.
 */
export function addressesOf({ url, body, headers }: ReadCall): string[] {
  const params = Object.entries(allParameters(url, body, headers['content-type'] ?? ''))
  if (!params.some(([name, value]) => isTextedCode(name) && value !== '')) return []
  const area = params.find(([name, value]) => /^area(?:_code)?$/i.test(name) && value !== '')?.[1] ?? '86'
  const found = params.flatMap(([name, value]) => {
    if (valueKindOf(name, 'request') !== undefined) return []
    if (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value)) return [value]
    const [, country = area, number] = /^(?:\+(\d{1,3})-?)?(\d{5,12})$/.exec(value) ?? []
    if (number === undefined) return []
    return value.startsWith('+') ? [value.replace('-', '')] : [`+${country}${number}`]
  })
  return [...new Set(found)].slice(0, 4)
}
