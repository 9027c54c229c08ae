import { createReadStream, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { RecordedCall, RecordHead } from '../traffic/recorded-call.js'

export interface RecordOptions {
  readonly folder: string
  /** Bytes after which a new file begins. */
  readonly rotateAt: number
  /** Bytes of all files of the folder together; the oldest goes when a new one would pass that. */
  readonly mostBytes: number
  readonly head: RecordHead
}

/** Writes a record: files of one line a call, of which the oldest go first. */
export interface RecordWriter {
  /** Writes after all that was written before. Rejects with what the file system says, such as of a full disk. */
  write(calls: readonly RecordedCall[]): Promise<void>
  close(): Promise<void>
}

const recordName = /^record-\d{17}\.jsonl$/

/** Makes the folder and a first file there. */
export async function openRecord(options: RecordOptions): Promise<RecordWriter> {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 })
  let file = await beginFile(options)
  let written = 0
  return {
    async write(calls) {
      let text = ''
      for (const call of calls) {
        if (written >= options.rotateAt) {
          await file.appendFile(text)
          await file.close()
          file = await beginFile(options)
          text = ''
          written = 0
        }
        const line = `${JSON.stringify(call)}\n`
        text += line
        written += Buffer.byteLength(line)
      }
      await file.appendFile(text)
    },
    close: () => file.close(),
  }
}

async function beginFile(options: RecordOptions): Promise<FileHandle> {
  removeOldest(options)
  const file = await open(join(options.folder, nameAt(Date.now(), options.folder)), 'wx', 0o600)
  await file.appendFile(`${JSON.stringify(options.head)}\n`)
  return file
}

/** Names in the order of time; two of one millisecond are told apart. */
function nameAt(now: number, folder: string): string {
  const taken = new Set(readdirSync(folder))
  for (let count = 0; ; count++) {
    const name = `record-${String(now).padStart(13, '0')}${String(count).padStart(4, '0')}.jsonl`
    if (!taken.has(name)) return name
  }
}

function removeOldest({ folder, rotateAt, mostBytes }: RecordOptions): void {
  const files = listRecord(folder)
  let total = files.reduce((sum, file) => sum + statSync(file).size, 0)
  for (const file of files) {
    if (total + rotateAt <= mostBytes) return
    total -= statSync(file).size
    rmSync(file)
  }
}

/** The files of a record in the order of time. A path that is a file stands for itself. */
export function listRecord(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .filter((name) => recordName.test(name))
    .sort()
    .map((name) => join(path, name))
}

/** A call as it was read from a record. */
export type ReadCall = RecordedCall & {
  /** When it came in, in milliseconds since 1970. */
  readonly moment: number
  /** Whether its legacy signature is the one that was sent. */
  readonly keepsSignature: boolean
}

/**
 * Reads the calls of several files, one after the other. A line that was cut off by a crash is left out.
 *
 * @throws Error for a file that is no record, or one made under another key
 */
export async function* readRecord(files: readonly string[], fingerprint: string): AsyncGenerator<ReadCall> {
  for (const file of files) {
    let head: RecordHead | undefined
    const lines = createInterface({
      input: createReadStream(file, 'utf8'),
      crlfDelay: Number.POSITIVE_INFINITY,
    })
    for await (const line of lines) {
      if (head === undefined) head = readHead(file, line, fingerprint)
      else {
        const call = parseLine<RecordedCall>(line)
        if (call !== undefined)
          yield { ...call, moment: head.began + call.at, keepsSignature: head.keepsSignatures }
      }
    }
  }
}

function readHead(file: string, line: string, fingerprint: string): RecordHead {
  const head = parseLine<RecordHead>(line)
  if (head?.format !== 'passport-gateway record' || head.version !== 1)
    throw new Error(`${file} is no record, or one of another version`)
  if (head.key !== fingerprint) throw new Error(`${file} was recorded under another key`)
  return head
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what a line holds only its reader can say
function parseLine<Line>(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line
  } catch {
    return undefined
  }
}
