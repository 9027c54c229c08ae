import type { CompiledMethod } from '../../../contract/compile-table.js'
import { parameterChecks } from '../pack/parameter-checks.js'
import { signatureOf } from '../pack/read-checks.js'
import { pathOf } from '../pack/path-checks.js'
import { rules } from '../rules.js'
import { accountError } from '../wants.js'
import { pathCall, type Signer } from '../wire-call.js'
import type { WireCheck } from '../wire-check.js'

/** How methods that write refuse who may not, and what does not fit: a weaker server might do something all the same. */
export function refusalChecks(method: CompiledMethod, signer: Signer): WireCheck[] {
  const { name, auth, verbs } = method
  if (auth === 'app') return [...signatureOf(method, signer), ...parameterChecks(method, signer)]
  const path = pathOf(name)
  const verb = verbs.includes('POST') ? 'POST' : 'GET'
  const other = (['GET', 'POST'] as const).find((candidate) => !verbs.includes(candidate))
  const wrongVerb: WireCheck[] =
    other === undefined
      ? []
      : [
          {
            subject: name,
            title: `by ${other}`,
            rule: rules.accountVerb,
            calls: [pathCall(path, { verb: other })],
            wants: accountError('VERB_NOT_ALLOWED'),
          },
        ]
  if (auth !== 'user' && auth !== 'permission') return wrongVerb
  const closed = (title: string, error: 'LOGIN_REQUIRED' | 'TOKEN_BROKEN', token?: string): WireCheck => ({
    subject: name,
    title,
    rule: rules.accountLogin,
    calls: [pathCall(path, { verb, token })],
    wants: accountError(error),
  })
  return [
    ...wrongVerb,
    closed('without a token', 'LOGIN_REQUIRED'),
    closed('with a dead token', 'TOKEN_BROKEN', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.eA'),
  ]
}
