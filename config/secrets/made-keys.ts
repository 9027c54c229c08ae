import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { ConfigurationError } from '../env.js'

/** Keys the server made for itself, each 32 random bytes in base64. */
export interface MadeKeys {
  readonly dataKey: string
  readonly jwtSecret: string
}

const advice = 'give DATA_KEY and JWT_SECRET, or a DATA_DIR the server may write to'

/** The file in which the made keys of a data folder are kept. */
export function madeKeysFile(dataDir: string): string {
  return join(dataDir, 'keys.json')
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function isMadeKeys(value: unknown): value is MadeKeys {
  if (typeof value !== 'object' || value === null) return false
  return ['dataKey', 'jwtSecret'].every((name) => {
    const key: unknown = Reflect.get(value, name)
    return typeof key === 'string' && key.length >= 32
  })
}

function parseKeys(text: string, file: string): MadeKeys {
  try {
    const value: unknown = JSON.parse(text)
    if (isMadeKeys(value)) return { dataKey: value.dataKey, jwtSecret: value.jwtSecret }
  } catch {
    // The parser's message quotes the text, and the text holds keys.
  }
  // Making new keys here would lock away all data stored under the old ones.
  throw new ConfigurationError([`DATA_DIR must hold readable keys: ${file} is damaged; restore it`])
}

function readKeys(file: string): MadeKeys | undefined {
  try {
    return parseKeys(readFileSync(file, 'utf8'), file)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function sync(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * Puts new keys in place, unless another process was faster. A link appears at once with its whole
 * content and fails where a file is already, so all processes end with the same keys.
 */
function makeKeys(dataDir: string, file: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const keys: MadeKeys = {
    dataKey: randomBytes(32).toString('base64'),
    jwtSecret: randomBytes(32).toString('base64'),
  }
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`
  try {
    writeFileSync(draft, `${JSON.stringify(keys, null, 2)}\n`, { flag: 'wx', mode: 0o600, flush: true })
    linkSync(draft, file)
    // Data is soon stored under these keys, so that they must outlive a power failure.
    if (process.platform !== 'win32') sync(dataDir)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/**
 * The keys of a data folder, made on the first call ever and the same ever after, also for processes
 * that start at the same moment. A new folder gets mode 0700, the file 0600.
 *
 * @throws ConfigurationError when the file is damaged, or can be neither read nor made
 */
export function loadMadeKeys(dataDir: string): MadeKeys {
  const file = madeKeysFile(dataDir)
  try {
    const kept = readKeys(file)
    if (kept !== undefined) return kept
    makeKeys(dataDir, file)
    return parseKeys(readFileSync(file, 'utf8'), file)
  } catch (error) {
    if (error instanceof ConfigurationError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigurationError([`DATA_DIR must let keys be kept in it (${reason}): ${advice}`], {
      cause: error,
    })
  }
}
