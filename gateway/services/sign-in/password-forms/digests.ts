import { hash } from 'node:crypto'

const md5 = (text: string) => hash('md5', text, 'hex')
const sha1 = (text: string) => hash('sha1', text, 'hex')
const sha256 = (text: string) => hash('sha256', text, 'hex')

/** The lower-case hex digest of each fast form, of a password and a salt. */
const digests = {
  md5: (password) => md5(password),
  'md5:R': (password, salt) => md5(password + salt),
  'md5(p+salt)': (password, salt) => md5(password + salt),
  'md5(salt+p)': (password, salt) => md5(salt + password),
  'md5(md5(p))': (password) => md5(md5(password)),
  'md5(md5(p)+salt)': (password, salt) => md5(md5(password) + salt),
  sha1: (password) => sha1(password),
  'sha1(p+salt)': (password, salt) => sha1(password + salt),
  'sha1(salt+p)': (password, salt) => sha1(salt + password),
  sha256: (password) => sha256(password),
  'sha256(p+salt)': (password, salt) => sha256(password + salt),
  'sha256(salt+p)': (password, salt) => sha256(salt + password),
} as const satisfies Record<string, (password: string, salt: string) => string>

/** How an old system made a digest that is quick to compute, and so to guess. */
export type DigestForm = keyof typeof digests

export const digestForms = Object.keys(digests) as readonly DigestForm[]

export function isDigestForm(name: string): name is DigestForm {
  return Object.hasOwn(digests, name)
}

/** The digest of a password in hex, in lower case; a form without a salt takes no notice of one. */
export function digestOf(form: DigestForm, password: string, salt: string): string {
  return digests[form](password, salt)
}

/** Whether a form's digest depends on a salt. */
export function takesSalt(form: DigestForm): boolean {
  return form === 'md5:R' || form.includes('salt')
}

const lengths = { md5: 32, sha1: 40, sha256: 64 } as const

/** Whether a text is a digest of a form's length. */
export function isDigestOf(form: DigestForm, text: string): boolean {
  const [algorithm = ''] = /^[a-z0-9]+/.exec(form) ?? []
  return text.length === lengths[algorithm as keyof typeof lengths] && /^[0-9a-f]+$/i.test(text)
}
