import type { ErrorName } from '../../../outcome/catalogue.js'
import { signHmac, signLegacy } from '../../../wire/signature.js'
import { rules, type WireRule } from '../rules.js'
import { passportError } from '../wants.js'
import {
  type CallParameters,
  encoded,
  gatewayCall,
  type Signer,
  signed,
  type WireCall,
} from '../wire-call.js'
import type { WireCheck } from '../wire-check.js'

/** A method that only reads, and that is refused for its missing `uid` once the signature has been accepted. */
export const probeMethod = 'web.passport.getUserVerifyInfo'
const accepted: ErrorName = 'BROWSE_DEL_UID_ISNULL'

/** What the wire page says of signatures, at a method that only reads. */
export function signatureChecks(signer: Signer): WireCheck[] {
  return [
    ...refusedByAll(signer),
    ...(signer.scheme === 'legacy' ? legacyChecks(signer) : hmacChecks(signer)),
  ]
}

interface Wish {
  readonly title: string
  readonly error?: ErrorName
  readonly rule?: WireRule
  readonly calls: readonly WireCall[]
}

function checkOf({ title, error = accepted, rule = rules.signed, calls }: Wish): WireCheck {
  return { subject: 'signatures', title, rule, calls, wants: passportError(error) }
}

const probe: CallParameters = { method: probeMethod }

function refusedByAll(signer: Signer): WireCheck[] {
  const right = signed(signer, probe)
  const unnamed = { ...probe, client_secret: '0'.repeat(32) }
  const refused = (title: string, params: CallParameters) =>
    checkOf({ title, error: 'SIGNATURE_INVALID', rule: rules.signatureWrong, calls: [gatewayCall(params)] })
  const { client_secret: _, ...unsigned } = right
  return [
    checkOf({
      title: 'no signature',
      error: 'SIGNATURE_MISSING',
      rule: rules.signatureMissing,
      calls: [gatewayCall(unsigned)],
    }),
    checkOf({
      title: 'debug=XYZ in place of a signature',
      error: 'SIGNATURE_MISSING',
      rule: rules.debug,
      calls: [gatewayCall({ ...unsigned, debug: 'XYZ' })],
    }),
    refused('a signature of zeros', { ...right, client_secret: '0'.repeat(32) }),
    refused('a signature cut short', {
      ...right,
      client_secret: (right['client_secret'] ?? '').slice(0, -1),
    }),
    refused('a parameter added after signing', { ...right, udid: 'added' }),
    refused('a parameter changed after signing', { ...right, v: '8' }),
    refused('an unknown client_type', signed({ ...signer, name: 'nobody-knows-me' }, probe)),
    refused('no client_type', unnamed),
    refused('a signature by another key', signed({ ...signer, secret: `${signer.secret}0` }, probe)),
    checkOf({ title: 'a right signature', calls: [gatewayCall(right)] }),
    checkOf({
      title: 'a right signature in a POST form',
      calls: [gatewayCall(signed(signer, probe), { verb: 'POST' })],
    }),
  ]
}

function legacyChecks(signer: Signer): WireCheck[] {
  const with_ = (params: CallParameters) => signed(signer, { ...probe, ...params })
  const right = with_({})
  const accepts = (title: string, params: CallParameters, rule: WireRule = rules.signed) =>
    checkOf({ title, rule, calls: [gatewayCall(params)] })
  const refuses = (title: string, params: CallParameters, rule: WireRule = rules.signed) =>
    checkOf({ title, error: 'SIGNATURE_INVALID', rule, calls: [gatewayCall(params)] })
  const secret = right['client_secret'] ?? ''
  const later = { q: '1', debug_data: 'x', '/api': '2' }
  const withBroken = signed(signer, { ...probe, udid: '100%', fromPage: 'a%zz' })
  return [
    accepts('a signature in capitals', { ...right, client_secret: secret.toUpperCase() }),
    accepts('an empty value, signed', with_({ session_key: '' })),
    refuses('an empty value, not signed', { ...right, session_key: '' }),
    accepts('a plus and blanks within', with_({ udid: 'a+b c  d' })),
    accepts('Chinese', with_({ fromPage: '首页／张三' })),
    accepts('blanks around, which are trimmed', with_({ udid: ' \t张三 \n' })),
    checkOf({
      title: 'an ideographic blank, which is not trimmed',
      error: 'SIGNATURE_INVALID',
      calls: [gatewayCall({ ...with_({ udid: '张三' }), udid: '张三\u3000' })],
    }),
    accepts('an ideographic blank, signed', with_({ udid: '张三\u3000' })),
    accepts('q, debug_data and /api, which are not signed', { ...right, ...later }),
    accepts('names in the order of code units', with_({ Zeta: '1', _x: '2', a10: '3', a2: '4', alpha: '5' })),
    accepts('an unknown parameter, signed', with_({ nobodyDeclaredMe: '1' }), rules.unknownParameter),
    refuses('an unknown parameter, not signed', { ...right, nobodyDeclaredMe: '1' }, rules.unknownParameter),
    accepts('a private_key that is sent, and overwritten', { ...right, private_key: 'mine' }),
    refuses('a signature by the private_key that is sent', {
      ...right,
      private_key: 'mine',
      client_secret: signLegacy(right, 'mine'),
    }),
    accepts('debug, signed', with_({ debug: 'XYZ' }), rules.debug),
    refuses('debug, not signed', { ...right, debug: 'XYZ' }, rules.debug),
    accepts('characters that HTML and URLs mark', with_({ udid: `<b>"&'=#?/\\;,` })),
    checkOf({
      title: 'a broken % stays as it is',
      calls: [
        {
          verb: 'GET',
          path: '/gateway',
          query: encoded(withBroken).replace('udid=100%25', 'udid=100%').replace('a%25zz', 'a%zz'),
        },
      ],
    }),
    checkOf({
      title: 'the same URL twice',
      rule: rules.signedAgain,
      calls: [gatewayCall(right), gatewayCall(right)],
    }),
  ]
}

function hmacChecks(signer: Signer): WireCheck[] {
  const now = () => Math.floor(Date.now() / 1000)
  const right = signed(signer, probe)
  const refuses = (title: string, ...calls: readonly CallParameters[]) =>
    checkOf({
      title,
      error: 'SIGNATURE_INVALID',
      rule: rules.hmac,
      calls: calls.map((params) => gatewayCall(params)),
    })
  const accepts = (title: string, params: CallParameters) =>
    checkOf({ title, rule: rules.hmac, calls: [gatewayCall(params)] })
  const with_ = (params: CallParameters) => signed(signer, { ...probe, ...params })
  const resigned = (params: CallParameters) => ({ ...params, client_secret: signHmac(params, signer.secret) })
  const { nonce: _, client_secret: __, ...withoutNonce } = right
  const { timestamp: ___, client_secret: ____, ...withoutTime } = right
  const used = with_({})
  return [
    accepts('blanks around, which are signed as they are', with_({ udid: ' 张三 ' })),
    accepts('a plus and an empty value', with_({ udid: 'a+b', session_key: '' })),
    accepts('a signature in capitals', {
      ...used,
      client_secret: (used['client_secret'] ?? '').toUpperCase(),
    }),
    accepts('a clock that is 290 s behind', with_({ timestamp: String(now() - 290) })),
    refuses('a clock that is 330 s behind', with_({ timestamp: String(now() - 330) })),
    refuses('a clock that is 330 s ahead', with_({ timestamp: String(now() + 330) })),
    refuses('a nonce of 7 characters', with_({ nonce: 'abcdefg' })),
    refuses('no nonce', resigned(withoutNonce)),
    refuses('no timestamp', resigned(withoutTime)),
    refuses(
      'the same call twice',
      with_({ nonce: right['nonce'] ?? '' }),
      with_({ nonce: right['nonce'] ?? '' }),
    ),
    refuses('the MD5 of the legacy scheme', signed({ ...signer, scheme: 'legacy' }, probe)),
  ]
}
