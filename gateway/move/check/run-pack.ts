import { compileTable, type CompiledMethod } from '../../contract/compile-table.js'
import { methodTable } from '../../../methods/table.js'
import type { CheckRun } from './check-run.js'
import { endpointChecks } from './pack/endpoint-checks.js'
import { jsonpChecks } from './pack/jsonp-checks.js'
import { knownAnswerChecks } from './pack/known-answers.js'
import { pathChecks } from './pack/path-checks.js'
import { readChecks, userReadChecks } from './pack/read-checks.js'
import { sessionChecks } from './pack/session-checks.js'
import { signatureChecks } from './pack/signature-checks.js'
import { unchecked } from './pack/unchecked.js'
import type { KnownUser } from './throwaway-user.js'
import type { Signer } from './wire-call.js'
import type { WireCheck } from './wire-check.js'
import { checkOwnRows } from './writes/own-rows.js'
import { checkPasswords } from './writes/passwords.js'
import { checkProfiles } from './writes/profiles.js'
import { refusalChecks } from './writes/refusals.js'
import { registerUser } from './writes/registration.js'
import { checkSignIn, checkSignOut } from './writes/sessions.js'
import type { Stage } from './writes/stage.js'

export interface PackOptions {
  readonly signer: Signer
  /** Users whose data may be read and, where `writes` is set, changed. */
  readonly users: readonly KnownUser[]
  readonly writes: boolean
  /** Which methods are checked. */
  readonly wants: (method: string) => boolean
  /** The zone of dates on the wire. */
  readonly timeZone: string
}

/** Makes all checks of the pack that may be made. */
export async function runPack(run: CheckRun, options: PackOptions): Promise<void> {
  const { signer, writes } = options
  const methods = [...new Set(compileTable(methodTable).byName.values())].filter(({ name }) =>
    options.wants(name),
  )
  const users = writes && options.users.length === 0 ? await registered(run) : options.users
  for (const { uid, account, password, token } of users) run.hiding.add(uid, account, password, token)
  await run.checkAll([
    ...wholeChecks(options),
    ...methods.flatMap((method) => withoutUser(run, method, options)),
  ])
  if (users.length === 0) tellMissingUsers(run, methods, writes)
  for (const user of users)
    await checkUser({ run, signer, user, timeZone: options.timeZone, wants: options.wants }, methods, writes)
}

async function registered(run: CheckRun): Promise<readonly KnownUser[]> {
  const user = await registerUser(run)
  return user === undefined ? [] : [user]
}

/** Checks that belong to no one method. */
function wholeChecks({ signer, wants }: PackOptions): WireCheck[] {
  const all = [...endpointChecks(signer), ...signatureChecks(signer), ...jsonpChecks()]
  return all.filter(({ subject }) => !subject.includes('.') || wants(subject))
}

function withoutUser(run: CheckRun, method: CompiledMethod, { signer, writes }: PackOptions): WireCheck[] {
  const { name, auth, isSafe } = method
  const reason = unchecked(method)
  if (reason !== undefined) run.leaveOut(name, reason)
  if (isSafe && reason === undefined) return auth === 'app' ? readChecks(method, signer) : pathChecks(method)
  if (isSafe) return []
  if (!writes) run.leaveOut(name, 'it writes: --writes')
  return writes ? refusalChecks(method, signer) : []
}

function tellMissingUsers(run: CheckRun, methods: readonly CompiledMethod[], writes: boolean): void {
  const reason = writes
    ? 'answers of a user: the server lets nobody register by account alone: --users FILE'
    : 'answers of a user: --users FILE'
  for (const method of methods)
    if (needsUser(method) && unchecked(method) === undefined) run.leaveOut(method.name, reason)
}

function needsUser({ isSafe, auth }: CompiledMethod): boolean {
  return isSafe && auth !== 'none'
}

async function checkUser(stage: Stage, methods: readonly CompiledMethod[], writes: boolean): Promise<void> {
  const { run, signer, user } = stage
  const reads = methods.filter((method) => method.isSafe && unchecked(method) === undefined)
  const ofGateway = reads.filter(({ auth, name }) => auth === 'app' && name !== 'web.passport.checkCodeValid')
  await run.checkAll(ofGateway.flatMap((method) => userReadChecks(method, signer, user.uid)))
  const needsSession = methods.some(
    ({ auth }) => auth === 'user' || auth === 'optional' || auth === 'permission',
  )
  const token = writes && needsSession ? await checkSignIn(stage) : user.token
  if (token !== undefined) {
    const use = { token, uid: user.uid, isAdministrator: user.administrator ?? false }
    const inSession = reads.filter(
      ({ auth }) => auth === 'user' || auth === 'optional' || auth === 'permission',
    )
    await run.checkAll(inSession.flatMap((method) => sessionChecks(method, use)))
  }
  await run.checkAll(knownAnswerChecks(user, signer, token))
  if (!writes) return
  if (token !== undefined) await checkOwnRows(stage, token)
  await checkProfiles(stage)
  await checkPasswords(stage)
  if (token !== undefined) await checkSignOut(stage, token)
}
