import { createWriteStream, type WriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { once } from 'node:events'
import { CommandError } from '../command/error.js'
import type { ImportedUser } from './imported-user.js'

/** Something of a line that did not come in. Holds no value of the file but who the user is. */
interface Problem {
  readonly line: number
  readonly uid?: number | undefined
  readonly account?: string | undefined
  readonly what: 'bad' | 'conflict' | 'taken' | 'left out'
  /** Column and reason. */
  readonly reason: string
}

/** A problem of a user whose line could be read. */
export interface UserProblem extends Pick<Problem, 'reason'> {
  readonly user: ImportedUser
  readonly what: Exclude<Problem['what'], 'bad'>
}

export interface Report {
  add(problem: Problem): void
  close(): Promise<void>
  /** Closes it after an import that broke off; a file that tells of nothing is not left in the way of the next. */
  abandon(): Promise<void>
}

/** What is shown on the terminal; the file has all. */
const mostShown = 100

/**
 * Shows problems on standard error, the first of them, and writes all as CSV to a new file if one is named. Throws
 * CommandError where that file can't be made.
 */
export async function openReport(file: string | undefined): Promise<Report> {
  const stream = file === undefined ? undefined : await createFile(file)
  stream?.write('line,uid,account,what,column,reason\n')
  let count = 0
  const close = async () => {
    if (count > mostShown)
      process.stderr.write(
        `… and ${count - mostShown} more${file === undefined ? ': --report FILE writes all of them' : ''}\n`,
      )
    if (!stream) return
    stream.end()
    await once(stream, 'close')
  }
  return {
    close,
    async abandon() {
      await close()
      if (file !== undefined && count === 0) await rm(file)
    },
    add(problem) {
      count++
      if (count <= mostShown) process.stderr.write(`line ${problem.line}: ${problem.reason}\n`)
      stream?.write(`${rowOf(problem).map(cell).join(',')}\n`)
    },
  }
}

async function createFile(file: string): Promise<WriteStream> {
  // A report is never written over the file that is imported, or any other.
  const stream = createWriteStream(file, { flags: 'wx', mode: 0o600 })
  try {
    await once(stream, 'open')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw new CommandError(
      code === 'EEXIST'
        ? `${file} is there already: --report wants a new file`
        : `${file} can't be written (${code})`,
    )
  }
  return stream
}

function rowOf({ line, uid, account, what, reason }: Problem): readonly string[] {
  const [, column = '', why = reason] = /^([a-z_]+): (.*)$/s.exec(reason) ?? []
  return [String(line), uid === undefined ? '' : String(uid), account ?? '', what, column, why]
}

/** A cell that a spreadsheet takes for no formula. */
function cell(text: string): string {
  const plain = /^\s*[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
