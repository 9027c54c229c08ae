import type { ContractDocument } from '../../schemas/contract-document.js'
import { contractDocuments } from '../../schemas/contracts.js'
import { compileOnFirstUse, type Contract } from './contract.js'
import { deprecationHeaders } from './deprecation.js'
import type { Auth, Method, NeededTrust, MethodName, MethodTable } from './method.js'
import type { Services } from '../services/services.js'
import type { Ready } from '../outcome/ready.js'
import type { CallLimit } from '../services/limits/limiter.js'
import { defined } from '../wire/defined-fields.js'

/** A method ready to run: its contract compiled by the first call, its handler no longer typed by name. */
export interface CompiledMethod {
  readonly name: MethodName
  readonly contract: Contract
  readonly auth: Auth
  /** Undefined for methods that no application opens by itself. */
  readonly trust: NeededTrust | undefined
  /** The method whose path an administrator's role must include. */
  readonly permission: MethodName
  /** Whether the console wants its user proved anew. */
  readonly reproof: boolean
  /** Whether every administrator may call it from the console, or even who is still to set up a second factor. */
  readonly ownAccount: true | 'enrolling' | undefined
  readonly limit: (CallLimit & { readonly name: string }) | undefined
  /** The passport envelope's message on success, as JSON. */
  readonly successJson: string
  readonly verbs: readonly string[]
  /** What its handler answers. `redirect`: a result, which an envelope takes, or a raw answer in its place; `batch`: calls. */
  readonly answers: 'result' | 'raw' | 'redirect' | 'stream' | 'batch'
  /** Whether calling it changes nothing. */
  readonly isSafe: boolean
  /** Whether its handler is given more of the call than most are (`x-list`, `x-stream`, `x-cookie`, `x-text-body`, `x-file`). */
  readonly takesMore: boolean
  /** Seconds that caches may keep the answer for; absent where it is not the same for everybody. */
  readonly maxAge: number | undefined
  /** What every answer says of a method that is on its way out; undefined for all others. */
  readonly deprecation: readonly string[] | undefined
  readonly visitors: { readonly nobody: unknown } | undefined
  handle(call: unknown, services: Services): Ready<unknown>
}

/** The method table by wire name, aliases included, and by REST path. */
export interface CompiledTable {
  readonly byName: ReadonlyMap<string, CompiledMethod>
  readonly byPath: ReadonlyMap<string, CompiledMethod>
  /** What the console may call, by wire name: all of `manage.…`, and its own methods, which nobody else finds. */
  readonly ofConsole: ReadonlyMap<string, CompiledMethod>
}

/** Makes every method ready to run. `timeZone`: that of dates in epoch milliseconds. */
export function compileTable(methods: MethodTable, timeZone?: string): CompiledTable {
  const byName = new Map<string, CompiledMethod>()
  const byPath = new Map<string, CompiledMethod>()
  const ofConsole = new Map<string, CompiledMethod>()
  for (const method of Object.values(methods)) {
    const compiled = compileMethod(method, timeZone)
    if (method.name.startsWith('manage.')) ofConsole.set(method.name, compiled)
    if (method.auth === 'console') continue
    const names = [method.name, ...(documentOf(method.name)['x-aliases'] ?? [])]
    for (const name of names) {
      if (byName.has(name)) throw new Error(`two methods answer to ${name}`)
      byName.set(name, compiled)
      // The account APIs also answer on paths: front.account.login.logout is /front/account/login/logout.
      if (/^(front|manage)\./.test(name)) byPath.set(`/${name.replaceAll('.', '/')}`, compiled)
    }
  }
  return { byName, byPath, ofConsole }
}

function compileMethod<Name extends MethodName>(method: Method<Name>, timeZone?: string): CompiledMethod {
  const document = documentOf(method.name)
  return {
    name: method.name,
    contract: compileOnFirstUse(method.name, defined({ timeZone })),
    auth: method.auth,
    trust: method.auth === 'app' ? (method.trust ?? 'server') : undefined,
    permission: method.permission ?? method.name,
    reproof: method.reproof === true,
    ownAccount: method.ownAccount,
    limit: method.limit && { ...method.limit, name: method.name },
    successJson: JSON.stringify(method.success ?? '操作成功'),
    verbs: document['x-verbs'] ?? ['GET', 'POST'],
    answers: answerOf(document),
    isSafe: document['x-safe'] === true,
    takesMore: ['x-list', 'x-stream', 'x-cookie', 'x-text-body', 'x-file'].some((flag) => flag in document),
    maxAge: document['x-max-age'],
    deprecation: document['x-deprecated'] && deprecationHeaders(document['x-deprecated']),
    visitors: method.visitors,
    // Dispatch has read the parameters by this very method's contract.
    handle: (call, services) => method.handle(call as never, services),
  }
}

/** A contract as it is written: what it says of the method itself needs no shared definition. */
function documentOf(name: MethodName): ContractDocument {
  return contractDocuments[name]
}

function answerOf(document: ContractDocument): CompiledMethod['answers'] {
  if (document['x-raw']) return 'raw'
  if (document['x-redirect']) return 'redirect'
  if (document['x-batch']) return 'batch'
  return document['x-stream'] ? 'stream' : 'result'
}
