import { compareTrees } from '../../compare/compare-trees.js'
import { readJsonTree } from '../../traffic/json-tree.js'
import { rules } from '../rules.js'
import type { KnownUser } from '../throwaway-user.js'
import { memberAt, type WireAnswer } from '../wire-answer.js'
import { gatewayCall, pathCall, type Signer, signed } from '../wire-call.js'
import type { WireCheck } from '../wire-check.js'
import { pathOf } from './path-checks.js'

/** That fields have the values that the operator knows them to have: the one way to see a date in a wrong zone. */
export function knownAnswerChecks(
  { uid, answers = {} }: KnownUser,
  signer: Signer,
  token?: string,
): WireCheck[] {
  return Object.entries(answers).flatMap(([name, fields]) => {
    const isPath = /^(?:front|manage)\./.test(name)
    if (isPath && token === undefined) return []
    const call = isPath
      ? pathCall(pathOf(name), { token })
      : gatewayCall(signed(signer, { method: name, uid: String(uid) }))
    const wants = (answer: WireAnswer) =>
      Object.entries(fields).flatMap(([field, value]) => compareField(answer, field, value))
    return [
      {
        subject: name,
        title: 'known values',
        rule: isPath ? rules.accountForms : rules.methodAnswer,
        calls: [call],
        wants,
      },
    ]
  })
}

function compareField({ tree }: WireAnswer, field: string, value: unknown) {
  const path = `$.data.${field}`
  const wanted = readJsonTree(JSON.stringify(value))
  const came = memberAt(tree, 'data', ...field.split('.'))
  if (wanted === undefined || came === undefined)
    return [{ kind: 'missing-field' as const, path, recorded: 'a known value', came: '(missing)' }]
  return compareTrees(wanted, came).map((difference) => ({ ...difference, path }))
}
