import type { JsonSchema } from '../../../../schemas/contract-document.js'
import type { CompiledMethod } from '../../../contract/compile-table.js'
import { isErrorName } from '../../../outcome/catalogue.js'
import { rules } from '../rules.js'
import { contractOf } from '../shape-sources.js'
import { passportError } from '../wants.js'
import { gatewayCall, type Signer, signed } from '../wire-call.js'
import type { WireCheck } from '../wire-check.js'

/** A number that no user has: the last of 31 bits. */
export const nobodysUid = '2147483647'

/** What is sent where another parameter is looked at: of the right form, and nobody's. */
const harmless: Readonly<Record<string, string>> = {
  uid: nobodysUid,
  email: 'nobody@move-check.example',
  code: '0000',
  mobile: '13000000000',
  password: 'Move-check-1',
  newPassword: 'Move-check-1',
  content: 'move check',
}

/** Parameters that our contract demands, and the page does not (passport.md §5). */
const notOnThePage = new Set(['web.passport.checkVerifyEmail uid', 'app.register.resetPwdByCode newPwd'])

/** Texts that are none of a form. */
function malformed(name: string, schema: JsonSchema, isSafe: boolean): readonly string[] {
  const { type, pattern, 'x-invalid': invalid } = schema
  // A weaker server may read a number out of `12a`, and would write to that user.
  if (type === 'integer' && !isSafe) return ['abc', '-1']
  if (type === 'integer') return ['abc', '-1', '1.5', '0x10', '1e3', '１２', '12a']
  if (pattern !== undefined && name === 'email')
    return ['nobody', '@move-check.example', 'a b@move-check.example', 'a@b@c']
  return invalid === 'MOBILE_FORM' ? ['12', 'abc', '1391234567x', '23912345678'] : []
}

/** How each parameter of a method of the gateway is refused that is missing or does not fit, by its contract. */
export function parameterChecks({ name, isSafe }: CompiledMethod, signer: Signer): WireCheck[] {
  const { properties, required } = contractOf(name)
  const names = Object.keys(properties).filter(
    (parameter) => required.includes(parameter) && !notOnThePage.has(`${name} ${parameter}`),
  )
  return names.flatMap((parameter) => {
    const schema = properties[parameter] ?? {}
    const others = required.filter((other) => other !== parameter)
    const params = Object.fromEntries(others.map((other) => [other, harmless[other] ?? '']))
    // The other one would be refused first where nothing harmless can be sent in its place.
    if (Object.values(params).includes('')) return []
    const refused = (title: string, error: string | undefined, value?: string): WireCheck[] =>
      error !== undefined && isErrorName(error)
        ? [
            {
              subject: name,
              title,
              rule: rules.parameters,
              calls: [
                gatewayCall(
                  signed(signer, {
                    method: name,
                    ...params,
                    ...(value !== undefined && { [parameter]: value }),
                  }),
                ),
              ],
              wants: passportError(error),
            },
          ]
        : []
    const { 'x-missing': missing = 'PARAM_ERROR', 'x-invalid': invalid = 'PARAM_ERROR' } = schema
    return [
      ...refused(`${parameter} missing`, missing),
      ...refused(`${parameter} empty`, missing, ''),
      ...malformed(parameter, schema, isSafe).flatMap((value) =>
        refused(`${parameter} ${value}`, invalid, value),
      ),
    ]
  })
}
