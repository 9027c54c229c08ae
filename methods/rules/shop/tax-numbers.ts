import { GatewayError } from '../../../gateway/outcome/errors.js'

/** The characters of a unified social credit code by their value: no I, O, S, V or Z (GB 32100). */
const characters = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const creditCodeLength = 18

/**
 * A company's tax number in its one written form (account.md §5); empty for none. Throws TAX_NUMBER_WRONG for what is
 * not 15 to 20 digits and letters, and with `checkCharacter` for a wrong last character of one of 18.
 */
export function readTaxNumber(text: string, checkCharacter: boolean): string {
  const written = text.trim()
  if (written === '') return ''
  if (!/^[0-9A-Za-z]{15,20}$/.test(written)) throw new GatewayError('TAX_NUMBER_WRONG')
  const number = written.toUpperCase()
  if (checkCharacter && number.length === creditCodeLength && !hasRightCheckCharacter(number))
    throw new GatewayError('TAX_NUMBER_WRONG')
  return number
}

/** The weights of GB 32100 are the powers of 3, and all is counted modulo 31. */
function hasRightCheckCharacter(number: string): boolean {
  const base = characters.length
  const values = Array.from(number, (character) => characters.indexOf(character))
  if (values.includes(-1)) return false
  let weight = 1
  let sum = 0
  for (const value of values.slice(0, -1)) {
    sum += value * weight
    weight = (weight * 3) % base
  }
  return values.at(-1) === (base - (sum % base)) % base
}
