import type { CompiledMethod } from '../../../contract/compile-table.js'
import { rules } from '../rules.js'
import { contractOf } from '../shape-sources.js'
import { accountError } from '../wants.js'
import { pathCall } from '../wire-call.js'
import type { WireCheck } from '../wire-check.js'
import { exampleParameters, pathOf, successOf, typeChecks } from './path-checks.js'

export interface SessionUse {
  readonly token: string
  readonly uid: number
  readonly isAdministrator: boolean
}

/** A row that nobody has, and the parameter that would name it. */
const rowParameters = ['ud_id', 'user_invoice_id', 'user_id'] as const
const nobodysRow = '2147483647'

/** Checks of a path that only reads, in a session. */
export function sessionChecks(
  method: CompiledMethod,
  { token, uid, isAdministrator }: SessionUse,
): WireCheck[] {
  const { name, auth } = method
  const path = pathOf(name)
  const check = (
    title: string,
    more: Record<string, string>,
    wants: WireCheck['wants'],
    rule = rules.accountSuccess,
  ): WireCheck => ({
    subject: name,
    title,
    rule,
    calls: [pathCall(path, { token, ...more })],
    wants,
  })
  if (auth === 'permission' && !isAdministrator)
    return [check('of a member', {}, accountError('PERMISSION_DENIED'), rules.accountPermission)]
  const wants = successOf(name)
  const row = rowParameters.find((parameter) => contractOf(name).required.includes(parameter))
  if (row === 'user_id') return [check('of a user', { user_id: String(uid) }, wants)]
  if (row !== undefined)
    return [
      check(
        'of a row that is not own',
        { [row]: nobodysRow },
        accountError('OPERATION_FAILED'),
        rules.addresses,
      ),
    ]
  const example = exampleParameters(name)
  // Of others only an administrator may see it.
  const params = { ...example, ...(example['user_id'] !== undefined && { user_id: String(uid) }) }
  const lists = contractOf(name)['x-list'] ? typeChecks(name, token) : []
  return [check('in a session', params, wants), ...tokenChecks(name, token, params), ...lists]
}

/** Each place in which a token may stand. */
function tokenChecks(
  name: CompiledMethod['name'],
  token: string,
  params: Readonly<Record<string, string>>,
): WireCheck[] {
  const path = pathOf(name)
  const wants = successOf(name)
  const places = {
    'Authorization without Bearer': pathCall(path, params),
    access_token: pathCall(path, { ...params, access_token: token }),
    perm_key: pathCall(path, { ...params, perm_key: token, perm_id: '1' }),
  }
  return Object.entries(places).map(([place, call]) => ({
    subject: name,
    title: `by ${place}`,
    rule: rules.accountToken,
    calls: [place.startsWith('A') ? { ...call, headers: { authorization: token } } : call],
    wants,
  }))
}
