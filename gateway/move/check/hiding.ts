import { isPlain } from '../traffic/sensitive.js'
import { rewriteAnswer } from '../traffic/rewrite.js'
import type { WireAnswer } from './wire-answer.js'
import type { WireCall } from './wire-call.js'

/** Takes what is secret out of what a report shows. */
export interface Hiding {
  /** Keeps a value out of everything that is shown from now on. */
  add(...values: readonly (string | number | undefined)[]): void
  call(call: WireCall): string
  answer(answer: WireAnswer): string
  text(text: string): string
  /** A value of an answer, as JSON has it, or what is told in its place. */
  value(path: string, shown: string): string
}

const hidden = '(hidden)'

export function createHiding(): Hiding {
  const secrets = new Set<string>()
  const text = (shown: string) => {
    let clean = shown
    for (const secret of secrets)
      clean = clean.replaceAll(secret, hidden).replaceAll(encodeURIComponent(secret), hidden)
    return clean.replaceAll(/(client_secret=)[\da-f]{6,}/gi, `$1${hidden}`)
  }
  return {
    add(...values) {
      for (const value of values)
        if (value !== undefined && String(value).length > 2) secrets.add(String(value))
    },
    text,
    value(path, shown) {
      const name = /([^.[]+)(?:\[\*\])*$/.exec(path)?.[1] ?? ''
      const isValue = path.startsWith('$.data') && /^["\d-]/.test(shown)
      return isValue && !isPlain(name, shown.replaceAll(/^"|"$/g, ''), 'answer') ? hidden : text(shown)
    },
    call({ verb, path, query, form, json, headers = {} }) {
      const body = form ?? json
      const token = headers['authorization'] === undefined ? '' : ' with Authorization'
      return text(
        `${verb} ${path}${query === undefined ? '' : `?${query}`}${token}${body ? ` body ${body}` : ''}`,
      ).slice(0, 600)
    },
    // What a server knows of people is in its answers, so a value is shown only where it is known to be harmless.
    answer({ status, text: body }) {
      const clean = rewriteAnswer(body, (name, value) => (isPlain(name, value, 'answer') ? value : hidden))
      return text(`${status} ${(clean ?? body).slice(0, 300)}`)
    },
  }
}
