import { rules } from '../rules.js'
import { exactly, passportError, type Wants } from '../wants.js'
import { encoded } from '../wire-call.js'
import type { WireCheck } from '../wire-check.js'
import { probeMethod } from './signature-checks.js'

const method = 'open.passport.get'
const scriptHeaders = { 'content-type': 'application/javascript', 'x-content-type-options': 'nosniff' }

/** The card by JSONP, for a visitor who is not signed in. */
export function jsonpChecks(): WireCheck[] {
  const ask = (title: string, params: Record<string, string>, wants: Wants, asked = method): WireCheck => ({
    subject: asked === method ? method : 'signatures',
    title,
    rule: rules.jsonp,
    calls: [{ verb: 'GET', path: '/', query: encoded({ method: asked, return_type: 'jsonp', ...params }) }],
    wants,
  })
  const nobody = '{"code":200,"data":{"data":[],"result":"-1"},"message":"User info"}'
  const good = ['jQuery_1', '$.ajax.cb', 'a'.repeat(64)].map((callback) =>
    ask(
      `JSONP by the callback ${callback.slice(0, 12)}`,
      { callback },
      exactly(`${callback}(${nobody})`, { headers: scriptHeaders }),
    ),
  )
  const bad = ['alert(1)//', '<script>', 'a'.repeat(65), 'a-b', ''].map((callback) =>
    ask(
      `JSONP refuses the callback ${callback.slice(0, 12) || '(empty)'}`,
      { callback },
      isNoScript(callback),
    ),
  )
  const elsewhere = ask(
    'JSONP opens no other method',
    { callback: 'jQuery_1' },
    passportError('SIGNATURE_MISSING'),
    probeMethod,
  )
  return [...good, ...bad, elsewhere]
}

/** What must not be answered as a script, whatever else it is. */
function isNoScript(callback: string): Wants {
  return ({ headers, text }) => {
    const isScript = /javascript/.test(headers['content-type'] ?? '') || text.startsWith(`${callback}(`)
    if (!isScript) return []
    return [{ kind: 'callback', path: '$', recorded: 'no script', came: 'a script with that callback' }]
  }
}
