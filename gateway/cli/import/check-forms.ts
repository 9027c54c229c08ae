import { usualPasswordCost } from '../../../config/password-cost.js'
import {
  oldFormNames,
  type PasswordColumns,
  storeOldHash,
} from '../../services/sign-in/password-forms/old-hash.js'
import type { Passwords } from '../../services/sign-in/passwords.js'
import { CommandError } from '../command/error.js'
import type { JsonOption } from '../command/options.js'
import { printJson, printLines, tableLines } from '../command/print.js'
import type { Fields, ReadLine } from './columns.js'
import { createOwnPasswords } from './hashes.js'
import type { Charset } from './file/read-text.js'
import { readUsers } from './file/read-users.js'

/** How many of the known passwords a form fits. */
interface Fit {
  readonly form: string
  readonly fits: number
}

/**
 * Says which forms fit the hashes of users whose passwords are known, and reads no database. Throws CommandError where
 * none of the users is in the file.
 */
export async function checkForms(
  lines: AsyncIterable<ReadLine>,
  knownFile: string,
  { charset, json }: JsonOption & { readonly charset: Charset },
): Promise<void> {
  const known = await readKnown(knownFile, charset)
  const passwords = createOwnPasswords(usualPasswordCost)
  const fits = new Map<string, number>()
  let found = 0
  const unfit: number[] = []
  for await (const read of lines) {
    const password = 'fields' in read ? passwordOf(known, read.fields) : undefined
    if (password === undefined || !('fields' in read)) continue
    found++
    const fitting = await fittingForms(passwords, read.fields, password)
    if (fitting.length === 0) unfit.push(read.line)
    for (const form of fitting) fits.set(form, (fits.get(form) ?? 0) + 1)
  }
  if (found === 0) throw new CommandError(`no user of ${knownFile} is in the file`)
  const table = [...fits].map(([form, count]): Fit => ({ form, fits: count }))
  tell(
    table.toSorted((left, right) => right.fits - left.fits),
    { found, json, unfit },
  )
}

function tell(
  table: readonly Fit[],
  {
    found,
    json,
    unfit,
  }: { readonly found: number; readonly json: true | undefined; readonly unfit: readonly number[] },
): void {
  const isWhole = table.some(({ fits }) => fits === found)
  if (json)
    printJson({ users: found, forms: Object.fromEntries(table.map(({ form, fits }) => [form, fits])) })
  else
    printLines([
      ...tableLines(
        ['form', `fits, of ${found}`],
        table.map(({ form, fits }) => [form, String(fits)]),
      ),
      ...(isWhole ? [] : [`No form fits all of them.${noneOn(unfit)}`]),
    ])
  if (!isWhole) process.exitCode = 1
}

/** Most lines that are named. */
const mostLines = 20

function noneOn(lines: readonly number[]): string {
  if (lines.length === 0) return ''
  const more = lines.length > mostLines ? ` and ${lines.length - mostLines} more` : ''
  return ` None fits on line ${lines.slice(0, mostLines).join(', ')}${more}.`
}

async function readKnown(file: string, charset: Charset): Promise<ReadonlyMap<string, string>> {
  const known = new Map<string, string>()
  for await (const read of namedIn(file, readUsers(file, { format: 'csv', charset, unknown: () => {} }))) {
    if (!('fields' in read)) continue
    // A password is taken as it is, spaces too.
    for (const key of keysOf(read.fields)) known.set(key, read.fields['password'] ?? '')
  }
  return known
}

/** What is wrong with this file is not to be looked for in the users' file. */
async function* namedIn(file: string, lines: AsyncIterable<ReadLine>): AsyncIterable<ReadLine> {
  try {
    yield* lines
  } catch (error) {
    if (!(error instanceof CommandError) || error.message.startsWith(file)) throw error
    throw new CommandError(`${file}: ${error.message}`)
  }
}

function passwordOf(known: ReadonlyMap<string, string>, fields: Fields): string | undefined {
  return keysOf(fields)
    .map((key) => known.get(key))
    .find((password) => password !== undefined)
}

function keysOf({ uid = '', account = '' }: Fields): string[] {
  return [
    uid.trim() && `uid ${uid.trim()}`,
    account.trim() && `account ${account.trim().toLowerCase()}`,
  ].filter(Boolean)
}

async function fittingForms(passwords: Passwords, fields: Fields, password: string): Promise<string[]> {
  const hash = (fields['password'] ?? '').trim()
  const fitting: string[] = []
  for (const form of oldFormNames) {
    const columns = columnsOf({ hash, salt: fields['salt'] ?? '', form })
    if (columns && (await passwords.verify(password, columns))) fitting.push(form)
  }
  return fitting
}

/** What would be stored of a hash of this form; undefined where it is none. */
function columnsOf(old: { hash: string; salt: string; form: string }): PasswordColumns | undefined {
  try {
    return storeOldHash(old)
  } catch {
    return undefined
  }
}
