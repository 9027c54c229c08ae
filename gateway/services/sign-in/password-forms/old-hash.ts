import { type DigestForm, digestForms, isDigestForm, isDigestOf, takesSalt } from './digests.js'
import { readSlowHash } from './slow-hashes.js'
import { readStoredDigest, writeDigest } from './stored-form.js'

/** Forms of hashes that tell by themselves how they were made. */
const tellingForms = ['bcrypt', 'phpass', 'argon2i', 'argon2id', 'pbkdf2-sha256'] as const

/** What else a form is called, by the systems that made it. */
const aliases = { ucenter: 'md5(md5(p)+salt)', discuz: 'md5(md5(p)+salt)' } as const

/** Every name that an operator may give a form. */
export const oldFormNames: readonly string[] = [
  ...digestForms,
  ...tellingForms,
  ...Object.keys(aliases),
  'ecshop',
]

/** A hash of an old system, as an operator has it. */
export interface OldHash {
  readonly hash: string
  /** As it is, spaces too; empty for none. */
  readonly salt: string
  /** How it was made, where the operator says so of this very hash. */
  readonly form?: string | undefined
  /** How it was made unless it tells by itself. */
  readonly usualForm?: string | undefined
}

/** What is stored of a password. */
export interface PasswordColumns {
  readonly user_password: string
  readonly user_salt: string
}

/** More work than this for one sign-in would let a few calls keep the machine busy: seconds of a core. */
const mostWork: readonly (readonly [family: RegExp, work: number])[] = [
  [/^bcrypt$/, 2 ** 15],
  [/^phpass$/, 2 ** 20],
  [/^pbkdf2/, 5_000_000],
  [/^argon2/, 20],
]
const mostArgon2Memory = 262_144

/**
 * What to store of an old hash, so that its password will fit. Throws an Error, which holds nothing of the hash, for a
 * form that is not known, can't be told or is not the one that it is said to be.
 */
export function storeOldHash({ hash, salt, form, usualForm }: OldHash): PasswordColumns {
  const named = form === undefined || form === '' ? undefined : realForm(form, salt)
  const told = tellForm(hash)
  if (told !== undefined) {
    if (named !== undefined && named !== told) throw new Error(`password: is ${told}, not ${named}`)
    // The salt of a sealed digest stands beside it; other forms hold their own.
    return { user_password: hash, user_salt: hash.startsWith('{') ? checkSalt(salt) : '' }
  }
  if (!/^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(hash))
    throw new Error('password: must be a hash of a known form')
  const meant = named ?? (usualForm === undefined ? undefined : realForm(usualForm, salt))
  if (meant === undefined)
    throw new Error('password: a digest does not tell its form; name it by --form or in a column form')
  if (!isDigestForm(meant) || meant === 'md5:R' || !isDigestOf(meant, hash))
    throw new Error(`password: is no hash of the form ${meant}`)
  return digestColumns(meant, hash, salt)
}

function digestColumns(form: DigestForm, digest: string, salt: string): PasswordColumns {
  const own = takesSalt(form) ? checkSalt(salt) : ''
  return { user_password: writeDigest(form, digest, own), user_salt: own }
}

function checkSalt(salt: string): string {
  if (Array.from(salt).length > 100) throw new Error('salt: must be of at most 100 characters')
  return salt
}

/** The form that an operator's name means; ECShop's users have a salt since they last changed their passwords. */
function realForm(name: string, salt: string): string {
  if (name === 'ecshop') return salt === '' ? 'md5' : 'md5(md5(p)+salt)'
  const form = Object.hasOwn(aliases, name) ? aliases[name as keyof typeof aliases] : name
  if (!oldFormNames.includes(form)) throw new Error('form: must be one of those that --help lists')
  return form
}

/** The form of a hash that tells it by itself; undefined for one that does not. */
function tellForm(hash: string): string | undefined {
  const digest = readStoredDigest({ user_password: hash, user_salt: '' })
  if (digest && (digest.isSealed || digest.form === 'md5:R' || hash.startsWith('{'))) return digest.form
  const slow = readSlowHash(hash)
  if (!slow) return undefined
  const [, memory = '0'] = /m=(\d+)/.exec(slow.family) ?? []
  const isTooMuch = mostWork.some(([family, most]) => family.test(slow.family) && slow.work > most)
  if (isTooMuch || Number(memory) > mostArgon2Memory)
    throw new Error(`password: ${slow.form} at a cost that would keep the server busy for seconds`)
  return slow.form
}
