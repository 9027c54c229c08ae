import type { CompiledMethod } from '../../../contract/compile-table.js'
import { rules } from '../rules.js'
import { shapesOf } from '../shape-sources.js'
import { passportData, passportDone, passportError } from '../wants.js'
import { gatewayCall, type Signer, signed } from '../wire-call.js'
import type { WireCheck } from '../wire-check.js'
import { nobodysUid, parameterChecks } from './parameter-checks.js'

/** Checks of a method of the gateway that only reads, without knowing any user. */
export function readChecks(method: CompiledMethod, signer: Signer): WireCheck[] {
  const { name } = method
  return [...signatureOf(method, signer), ...parameterChecks(method, signer), ...nobodyChecks(name, signer)]
}

/** That a method is closed to who does not sign. */
export function signatureOf({ name }: CompiledMethod, signer: Signer): WireCheck[] {
  const { client_secret: _, ...unsigned } = signed(signer, { method: name })
  const wrong = { ...unsigned, client_secret: 'f'.repeat(32) }
  const check = (title: string, isMissing: boolean, verb: 'GET' | 'POST'): WireCheck => ({
    subject: name,
    title: `${title} by ${verb}`,
    rule: isMissing ? rules.signatureMissing : rules.signatureWrong,
    calls: [gatewayCall(isMissing ? unsigned : wrong, { verb })],
    wants: passportError(isMissing ? 'SIGNATURE_MISSING' : 'SIGNATURE_INVALID'),
  })
  return (['GET', 'POST'] as const).flatMap((verb) => [
    check('no signature', true, verb),
    check('a wrong signature', false, verb),
  ])
}

/** What is answered of a user whom nobody knows. */
function nobodyChecks(name: CompiledMethod['name'], signer: Signer): WireCheck[] {
  if (name === 'web.passport.checkCodeValid')
    return ['0000', 'mail-token-that-nobody-made', '%00', '验证'].map((code) => ({
      subject: name,
      title: `a forged token, ${code}`,
      rule: rules.parameters,
      calls: [gatewayCall(signed(signer, { method: name, code }))],
      wants: passportError('CODE_IS_INVALID'),
    }))
  if (!/\.get\w*$/.test(name) || name.startsWith('open.account.')) return []
  return (['GET', 'POST'] as const).map((verb) => ({
    subject: name,
    title: `an unknown user by ${verb}`,
    rule: rules.unknownUser,
    calls: [gatewayCall(signed(signer, { method: name, uid: nobodysUid }), { verb })],
    wants: passportError('USER_NOT_EXISTS'),
  }))
}

/** What a method that only reads answers of a user. */
export function userReadChecks(
  { name, successJson }: CompiledMethod,
  signer: Signer,
  uid: number,
): WireCheck[] {
  const message = JSON.parse(successJson) as string
  const shapes = shapesOf(name)
  const result = shapes.length === 0 || name === 'web.passport.checkVerifyEmail'
  const params = {
    method: name,
    uid: String(uid),
    ...(result && { email: `nobody${uid}@move-check.example` }),
  }
  return (['GET', 'POST'] as const).map((verb) => ({
    subject: name,
    title: `of a user, by ${verb}`,
    rule: name === 'open.passport.get' ? rules.card : rules.methodAnswer,
    calls: [gatewayCall(signed(signer, params), { verb })],
    wants: result ? passportDone(message, []) : passportData(message, shapes),
  }))
}
