import type { CompiledMethod } from '../../../contract/compile-table.js'
import { exampleOf } from '../../../openapi/examples.js'
import { contractDocuments } from '../../../../schemas/contracts.js'
import type { ErrorName } from '../../../outcome/catalogue.js'
import { rules, type WireRule } from '../rules.js'
import { contractOf, shapesOf } from '../shape-sources.js'
import {
  accountData,
  accountError,
  accountMessage,
  passportData,
  passportError,
  type Wants,
} from '../wants.js'
import { gatewayCall, pathCall, type WireCall } from '../wire-call.js'
import type { WireCheck } from '../wire-check.js'

const deadToken = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtb3ZlLWNoZWNrIn0.bm90LWEtc2lnbmF0dXJl'

/** The path of a method of the account APIs. */
export function pathOf(name: string): string {
  return `/${name.replaceAll('.', '/')}`
}

/** What success of a method of the account APIs looks like. */
export function successOf(name: CompiledMethod['name']): Wants {
  const shapes = shapesOf(name)
  return contractOf(name)['x-message'] ? accountMessage(...shapes) : accountData(...shapes)
}

/** Parameters of a call to try, by the contract's own example. */
export function exampleParameters(name: CompiledMethod['name']): Record<string, string> {
  const example = exampleOf(contractDocuments[name])
  return Object.fromEntries(Object.entries(example).map(([key, value]) => [key, String(value)]))
}

/** Checks of a path that only reads, without a session. */
export function pathChecks(method: CompiledMethod): WireCheck[] {
  const { name, verbs, auth } = method
  const path = pathOf(name)
  const otherVerb = (['GET', 'POST'] as const).find((verb) => !verbs.includes(verb))
  const check = checker(name)
  const wrongVerb =
    otherVerb === undefined
      ? []
      : [check(`by ${otherVerb}`, rules.accountVerb, pathCall(path, { verb: otherVerb }), 'VERB_NOT_ALLOWED')]
  if (name === 'front.account.user.info') return [...infoChecks(name), ...wrongVerb]
  if (auth === 'user' || auth === 'permission') return [...closedChecks(name), ...wrongVerb]
  return [...openChecks(method), ...wrongVerb]
}

function checker(subject: string) {
  return (title: string, rule: WireRule, call: WireCall, wants: ErrorName | Wants): WireCheck => ({
    subject,
    title,
    rule,
    calls: [call],
    wants: typeof wants === 'string' ? accountError(wants) : wants,
  })
}

/** Ways in which a client that has no token says so. */
const noTokens = ['', 'null', 'undefined'] as const

function closedChecks(name: CompiledMethod['name']): WireCheck[] {
  const check = checker(name)
  const path = pathOf(name)
  return [
    check('without a token', rules.accountLogin, pathCall(path), 'LOGIN_REQUIRED'),
    ...noTokens.map((perm_key) =>
      check(
        `with the token "${perm_key}"`,
        rules.accountOpen,
        pathCall(path, { perm_key }),
        'LOGIN_REQUIRED',
      ),
    ),
    check('with a dead token', rules.accountLogin, pathCall(path, { token: deadToken }), 'TOKEN_BROKEN'),
    check(
      'with a dead access_token',
      rules.accountToken,
      pathCall(path, { access_token: deadToken }),
      'TOKEN_BROKEN',
    ),
    check(
      'with a dead perm_key',
      rules.accountToken,
      pathCall(path, { perm_key: deadToken }),
      'TOKEN_BROKEN',
    ),
    byName(name, passportError('LOGIN_REQUIRED')),
  ]
}

function infoChecks(name: CompiledMethod['name']): WireCheck[] {
  const check = checker(name)
  const path = pathOf(name)
  return [
    check('without a token', rules.accountInfo, pathCall(path), 'NOT_SIGNED_IN'),
    ...noTokens.map((perm_key) =>
      check(`with the token "${perm_key}"`, rules.accountInfo, pathCall(path, { perm_key }), 'NOT_SIGNED_IN'),
    ),
    check('with a dead token', rules.accountInfo, pathCall(path, { token: deadToken }), 'NOT_SIGNED_IN'),
    check(
      'with a dead perm_key',
      rules.accountInfo,
      pathCall(path, { perm_key: deadToken }),
      'NOT_SIGNED_IN',
    ),
  ]
}

function openChecks({ name, contract, successJson, maxAge }: CompiledMethod): WireCheck[] {
  const check = checker(name)
  const path = pathOf(name)
  const params = exampleParameters(name)
  const shapes = shapesOf(name)
  const exact = successOf(name)
  // What is the same for everybody may be kept by caches (account-beside.md §3.4).
  const wants: Wants = (answer) =>
    exact(answer).filter(({ path }) => maxAge === undefined || path !== 'header cache-control')
  const success = (title: string, rule: WireRule, more: Record<string, string | undefined> = {}) =>
    check(title, rule, pathCall(path, { ...params, ...more }), wants)
  const message = JSON.parse(successJson) as string
  return [
    success('without a token', rules.accountSuccess),
    success('with a dead token', rules.accountOpen, { token: deadToken }),
    success('with the token "undefined"', rules.accountOpen, { perm_key: 'undefined' }),
    byName(name, passportData(message, shapes.length > 0 ? shapes : [{ types: ['array'] }]), params),
    ...(contract.document['x-list'] ? typeChecks(name) : []),
  ]
}

/** The method by its name, which only some of the old servers know. */
function byName(name: string, wants: Wants, params: Record<string, string> = {}): WireCheck {
  return {
    subject: 'paths by name',
    title: name,
    rule: rules.accountByName,
    calls: [gatewayCall({ method: name, ...params })],
    wants,
  }
}

/** How a list refuses what it can't read; `token` where it needs one. */
export function typeChecks(name: CompiledMethod['name'], token?: string): WireCheck[] {
  const check = checker(name)
  const path = pathOf(name)
  const { properties } = contractOf(name)
  const integers = Object.keys(properties).filter((key) => properties[key]?.type === 'integer')
  const wrong = integers
    .slice(0, 2)
    .flatMap((key) =>
      ['abc', '0x10', '1.5'].map((value) =>
        check(`${key} ${value}`, rules.accountType, pathCall(path, { token, [key]: value }), wrongType(key)),
      ),
    )
  const tooLong = check('size 501', rules.accountLists, pathCall(path, { token, size: '501' }), 'PAGE_SIZE')
  return [...wrong, tooLong]
}

/** 300, with a text that names the parameter. */
function wrongType(key: string): Wants {
  return (answer) => {
    const msg =
      answer.tree?.kind === 'object' ? answer.tree.members.find(({ name }) => name === 'msg') : undefined
    const text = msg?.value.kind === 'string' ? msg.value.text : ''
    const found = accountError('PARAM_ERROR', text)(answer)
    if (found.length > 0 || text.includes(key)) return found
    return [{ kind: 'text', path: '$.msg', recorded: `a text that names ${key}`, came: text.slice(0, 80) }]
  }
}
