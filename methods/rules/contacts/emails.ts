import { isIP } from 'node:net'
import { domainToASCII, domainToUnicode } from 'node:url'
import { findAddressOwner } from '../../../db/address-owners.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import definitions from '../../../schemas/defs.json' with { type: 'json' }

const { pattern, maxLength } = definitions.$defs.email
const emailForm = new RegExp(pattern, 'u')

/**
 * How an e-mail address is owned, counted and written to, in whatever way it is spelt: case does not tell two mailboxes
 * apart, nor do width, characters that nobody sees and the spelling of an international domain (UTS 46). Undefined for
 * what is no address, or one of a machine (`x@[127.0.0.1]`) in place of a domain.
 */
export function readEmail(text: string): string | undefined {
  const email = text.trim()
  if (!emailForm.test(email)) return undefined
  const at = email.lastIndexOf('@')
  const domain = readDomain(email.slice(at + 1))
  const mailbox = lowerCase(
    email
      .slice(0, at)
      .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
      .normalize('NFC'),
  )
  if (domain === undefined || mailbox === '') return undefined
  // Its length in characters, as the column counts.
  const read = `${mailbox}@${domain}`
  return Array.from(read).length <= maxLength ? read : undefined
}

/** The same, for what a call cannot do without. Throws EMAIL_FORM. */
export function requireEmail(text: string): string {
  const email = readEmail(text)
  if (email === undefined) throw new GatewayError('EMAIL_FORM', { detail: 'email: an e-mail address' })
  return email
}

/** The same for what somebody is looked for by, or an old row holds; what is no address stays, in lower case. */
export function normaliseEmail(text: string): string {
  return readEmail(text) ?? lowerCase(text)
}

/** İ stays, the one letter whose lower case is longer: what fits a column must fit it afterwards. */
function lowerCase(text: string): string {
  return text.replace(/[^İ]+/g, (text) => text.toLowerCase())
}

/**
 * A domain in its one spelling. In letters, not in `xn--`: so is what was stored before, and it fits the column. The
 * mailer writes to the very same one.
 */
function readDomain(text: string): string | undefined {
  // A URL parser, which takes these for something else, is what normalises here.
  if (/[/?#%[\]\\@:\s]/.test(text.normalize('NFKC'))) return undefined
  const ascii = domainToASCII(text)
  const isName = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.[a-z0-9-]*[a-z][a-z0-9-]*$/.test(ascii) && isIP(ascii) === 0
  return isName ? domainToUnicode(ascii) || ascii : undefined
}

/** Throws EMAIL_TAKEN when another user has verified the address. */
export async function requireFreeEmail(
  { db }: Pick<Services, 'db'>,
  email: string,
  userId: number,
): Promise<void> {
  const owner = await findAddressOwner(db, 'email', email)
  if (owner && owner.verified_at !== null && owner.user_id !== userId) throw new GatewayError('EMAIL_TAKEN')
}
