import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../whole/architecture/source-tree.js'

interface DocumentedParameter {
  readonly name: string
  readonly type: string
  readonly description: string
}

/** One verb of one path of the account document. */
export interface DocumentedOperation {
  readonly verb: 'GET' | 'POST'
  readonly path: string
  readonly params: readonly DocumentedParameter[]
  readonly example: { readonly data: unknown }
}

/** The operations of the account document, from the document's own data. */
export function readAccountDocument(): readonly DocumentedOperation[] {
  const file = join(projectRoot(), 'gateway/move/check/documents/account-api.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { operations: DocumentedOperation[] }).operations
}

/** How a client may send a call's parameters. */
export interface Sending {
  readonly place: 'query' | 'form'
  readonly spelling: 'camelCase' | 'snake_case'
}

/** Every way in which an operation's parameters may arrive (account.md §3). */
export function sendingsOf({ verb, params }: DocumentedOperation): readonly Sending[] {
  const places = verb === 'GET' ? (['query'] as const) : (['query', 'form'] as const)
  const spellings = params.length === 0 ? (['camelCase'] as const) : (['camelCase', 'snake_case'] as const)
  return places.flatMap((place) => spellings.map((spelling) => ({ place, spelling })))
}

export const toSnake = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
export const toCamel = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

const momentForm = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/
const dateForm = /^\d{4}-\d\d-\d\d(T|$)/

/**
 * Where an answer does not have the keys and JSON types of its documented example (account.md §11): `{}` says nothing,
 * a date means the wire's own form, documented keys are the minimum, and null stands for what a row does not have.
 */
export function findDifference(answer: unknown, example: unknown, at = 'data'): string | undefined {
  if (isEmptyObject(example)) return undefined
  if (Array.isArray(example)) {
    if (!Array.isArray(answer)) return `${at} is no list`
    return firstOf(answer.map((item, index) => findDifference(item, example[0] ?? {}, `${at}[${index}]`)))
  }
  if (typeof example === 'object' && example !== null) {
    if (typeof answer !== 'object' || answer === null) return `${at} is no object`
    const fields = answer as Record<string, unknown>
    return firstOf(
      Object.entries(example).map(([key, part]) =>
        key in fields ? findDifference(fields[key], part, `${at}.${key}`) : `${at}.${key} is missing`,
      ),
    )
  }
  if (typeof example === 'string' && dateForm.test(example)) {
    const isMoment = answer === null || (typeof answer === 'string' && momentForm.test(answer))
    return isMoment ? undefined : `${at} is no date`
  }
  return answer === null || typeof answer === typeof example ? undefined : `${at} is no ${typeof example}`
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
}

function firstOf(problems: readonly (string | undefined)[]): string | undefined {
  return problems.find((problem) => problem !== undefined)
}
