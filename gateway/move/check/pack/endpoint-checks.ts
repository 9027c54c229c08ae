import type { ErrorName } from '../../../outcome/catalogue.js'
import type { WireRule } from '../rules.js'
import { rules } from '../rules.js'
import { exactly, passportError, type Wants } from '../wants.js'
import { encoded, gatewayCall, type Signer, signed, type WireCall } from '../wire-call.js'
import type { WireCheck } from '../wire-check.js'
import { probeMethod } from './signature-checks.js'

const missingUid: ErrorName = 'BROWSE_DEL_UID_ISNULL'

/** Paths, verbs, the merging of query and form, and names that no method has. */
export function endpointChecks(signer: Signer): WireCheck[] {
  return [...endpoints(signer), ...mergings(signer), ...noMethods(signer)]
}

function checkOf(
  title: string,
  rule: WireRule,
  call: WireCall,
  wants: Wants = passportError(missingUid),
): WireCheck {
  return { subject: 'endpoint', title, rule, calls: [call], wants }
}

function endpoints(signer: Signer): WireCheck[] {
  return ['/gateway', '/gateway/', '/'].flatMap((path) =>
    (['GET', 'POST'] as const).map((verb) =>
      checkOf(
        `${verb} ${path}`,
        rules.endpoint,
        gatewayCall(signed(signer, { method: probeMethod }), { verb, path }),
      ),
    ),
  )
}

function mergings(signer: Signer): WireCheck[] {
  const sign = (params: Record<string, string> = {}) => signed(signer, { method: probeMethod, ...params })
  const path = '/gateway'
  const text = (params: Record<string, string>) => encoded(params)
  const split = () => {
    const { method = '', ...rest } = sign()
    return { query: text({ method }), form: text(rest) }
  }
  return [
    checkOf('POST with all in the query', rules.merging, {
      verb: 'POST',
      path,
      query: text(sign()),
      form: '',
    }),
    checkOf('the method in the query, the rest in the form', rules.merging, {
      verb: 'POST',
      path,
      ...split(),
    }),
    checkOf('a JSON body', rules.merging, { verb: 'POST', path, json: JSON.stringify(sign()) }),
    checkOf('a name twice in the query: the first counts', rules.merging, {
      verb: 'GET',
      path,
      query: `${text(sign({ udid: 'first' }))}&udid=second`,
    }),
    checkOf('a name in query and form: the query counts', rules.merging, {
      verb: 'POST',
      path,
      query: text({ udid: 'first' }),
      form: text({ ...sign({ udid: 'first' }), udid: 'second' }),
    }),
    checkOf('an empty uid counts as missing', rules.merging, gatewayCall(sign({ uid: '' }))),
  ]
}

function noMethods(signer: Signer): WireCheck[] {
  const wants = passportError('METHOD_NOT_FOUND')
  const named = (title: string, params: Record<string, string>, verb: 'GET' | 'POST' = 'GET') =>
    checkOf(title, rules.noMethod, gatewayCall(signed(signer, params), { verb }), wants)
  const unknownPath = exactly('', { status: 404 })
  return [
    named('an unknown method', { method: 'web.passport.nobodyHasMe' }),
    named('an unknown method by POST', { method: 'web.passport.nobodyHasMe' }, 'POST'),
    named('no method', {}),
    named('an empty method', { method: '' }),
    named('a method in other capitals', { method: probeMethod.toLowerCase() }),
    named('a name that every object has', { method: 'constructor' }),
    checkOf(
      'a path that nobody has',
      rules.accountPath,
      { verb: 'GET', path: '/front/nobody/hasMe' },
      (answer) => unknownPath(answer).filter(({ kind }) => kind === 'status'),
    ),
  ]
}
