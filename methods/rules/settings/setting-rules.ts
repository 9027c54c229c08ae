import { readBoolean } from '../../../gateway/wire/booleans.js'
import { defined } from '../../../gateway/wire/defined-fields.js'

/** What a setting's text means. */
export type SettingKind =
  | 'text'
  | 'number'
  | 'integer'
  | 'switch'
  | 'districts'
  | 'list'
  | 'object'
  | 'menu'
  | 'user'
  | 'reply'

/** What an operator may set without a restart. */
export interface SettingRule {
  readonly kind: SettingKind
  /** What counts until it is set; absent, the setting has no value until then. */
  readonly default?: string
  /** For operators, in English and in Chinese. */
  readonly meaning: string
  readonly zh: string
}

/** A setting as the lists of them state it: what `initial` says counts until it is set. */
export function setting(kind: SettingKind, meaning: string, zh: string): SettingRule
export function setting(
  kind: SettingKind,
  meaning: string,
  zh: string,
  initial: string,
): SettingRule & { readonly default: string }
export function setting(kind: SettingKind, meaning: string, zh: string, initial?: string): SettingRule {
  return { kind, meaning, zh, ...defined({ default: initial }) }
}

/** Rules by the names of their settings. */
export type SettingRules<Key extends string = string> = Readonly<Record<Key, SettingRule>>

/** Bytes of a `text` column on MySQL. */
const longestValue = 65_535

/** Bytes that WeChat shows of a text. */
const longestReply = 2048

/** By kind: which texts fit, and what an operator is told of others. */
const forms: Readonly<Record<SettingKind, readonly [fits: (value: string) => boolean, wants: string]>> = {
  text: [() => true, ''],
  number: [(value) => /^\d{1,7}(\.\d{1,6})?$/.test(value), 'a number from 0 to 9999999'],
  integer: [(value) => /^-?\d{1,9}$/.test(value), 'a whole number'],
  switch: [(value) => readBoolean(value) !== undefined, 'true or false'],
  districts: [isDistrictIds, 'three district ids, with commas between'],
  list: [(value) => readList(value) !== undefined, 'a JSON list'],
  object: [(value) => readObject(value) !== undefined, 'a JSON object'],
  menu: [(value) => Array.isArray(readObject(value)?.['list']), 'a JSON object with a list'],
  user: [(value) => /^\d{1,10}$/.test(value), 'the id of a user, 0 for none'],
  reply: [(value) => Buffer.byteLength(value) <= longestReply, `at most ${longestReply} bytes`],
}

/** What is wrong with a value for a setting of a kind, or undefined. */
export function findValueProblem(kind: SettingKind, value: string): string | undefined {
  if (Buffer.byteLength(value) > longestValue) return `at most ${longestValue} bytes`
  if (value.includes('\0')) return 'no NUL characters'
  const [fits, wants] = forms[kind]
  return fits(value) ? undefined : wants
}

/** Whether a text is province, city and county by their ids, as clients split it (account-beside.md §3.1). */
export function isDistrictIds(value: string): boolean {
  return /^\d{1,9}(,\d{1,9}){2}$/.test(value)
}

/** A list as the operator wrote it, or undefined when it is none. */
export function readList(text: string): unknown[] | undefined {
  const value = readJson(text)
  return Array.isArray(value) ? value : undefined
}

/** The same of an object. */
export function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = readJson(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
