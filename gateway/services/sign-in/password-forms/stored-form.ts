import { type DigestForm, isDigestForm, isDigestOf } from './digests.js'

/** A password as it is stored; an old shop's columns may hold NULL. */
export interface StoredPassword {
  readonly user_password: string | null
  readonly user_salt: string | null
}

/** A digest of an old system, as it is or sealed: with argon2id over it. */
export interface StoredDigest {
  readonly form: DigestForm
  readonly salt: string
  /** In hex, or in PHC form where it is sealed. */
  readonly digest: string
  readonly isSealed: boolean
}

const saltedForm = /^([0-9a-f]{32}):([a-zA-Z0-9]{32})$/i
const bareForm = /^[0-9a-f]{32}$/i
const markedForm = /^\{([a-z0-9():+R]+)\}(.+)$/s

/**
 * Reads a digest: `{form}` and then the digest, or argon2id over it; and what needs no mark (passport.md §4):
 * `MD5(password+R):R`, `MD5(password)`, and the shop's `md5(password+salt)`. Undefined for what is none.
 */
export function readStoredDigest(stored: StoredPassword): StoredDigest | undefined {
  const [password, salt] = [stored.user_password ?? '', stored.user_salt ?? '']
  const [, name = '', digest = ''] = markedForm.exec(password) ?? []
  if (isDigestForm(name)) {
    const isSealed = digest.startsWith('$argon2id$')
    // What was sealed first had this mark for all three.
    if (isSealed) return { form: name === 'md5' ? 'md5(p+salt)' : name, salt, digest, isSealed }
    return isDigestOf(name, digest) ? { form: name, salt, digest, isSealed } : undefined
  }
  const [, own, random] = saltedForm.exec(password) ?? []
  if (own !== undefined && random !== undefined)
    return { form: 'md5:R', salt: random, digest: own, isSealed: false }
  if (!bareForm.test(password)) return undefined
  return { form: salt === '' ? 'md5' : 'md5(p+salt)', salt, digest: password, isSealed: false }
}

const unmarked: readonly DigestForm[] = ['md5', 'md5:R', 'md5(p+salt)']

/** The mark before a sealed digest: one for the three forms whose text is the password and then the salt. */
export function sealMark(form: DigestForm): string {
  return unmarked.includes(form) ? '{md5}' : `{${form}}`
}

/** A digest as it is stored: with its form, unless it is one that passport.md §4 knows. */
export function writeDigest(form: DigestForm, digest: string, salt: string): string {
  if (form === 'md5:R') return `${digest}:${salt}`
  return unmarked.includes(form) ? digest : `{${form}}${digest}`
}
