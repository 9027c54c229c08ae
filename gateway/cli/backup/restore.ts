import { createWriteStream, existsSync } from 'node:fs'
import { link, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, normalize, resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { type Config, loadConfig } from '../../../config/config.js'
import { readSecret } from '../../../config/env.js'
import { loadMadeKeys, madeKeysFile } from '../../../config/secrets/made-keys.js'
import { keyFingerprint } from '../../services/keys/fingerprint.js'
import { CommandError } from '../command/error.js'
import { addExample } from '../command/options.js'
import { printLines } from '../command/print.js'
import { readArchive } from './archive.js'
import { type BackedUpKeys, entryNames, type Manifest, readManifest } from './manifest.js'
import { createShow, megabytes } from './progress.js'
import { checkDatabase, presentFiles } from './sqlite.js'

const keyNames = ['DATA_KEY', 'JWT_SECRET', 'LOGIN_KEY'] as const

/** Adds `restore`, which puts a backup where there is nothing yet. */
export function addRestoreCommand(program: Command): void {
  const command = program
    .command('restore')
    .description('put a backup where DATABASE_URL and DATA_DIR say; replaces nothing that is there')
    .argument('<file>', 'what "backup" has written')
    .option(
      '--keys-to <folder>',
      'only write the keys, each variable a file, for NAME_FILE or LoadCredential',
    )
    .action((file: string, { keysTo }: { keysTo?: string }) =>
      keysTo === undefined ? restore(file) : writeKeys(file, keysTo),
    )
  addExample(command, 'restore /backup/passport-2026-01-31.age')
}

function passphraseOf(): string {
  const passphrase = readSecret('BACKUP_PASSPHRASE')
  if (passphrase === undefined)
    throw new CommandError('BACKUP_PASSPHRASE or BACKUP_PASSPHRASE_FILE must be given: it opens the backup')
  return passphrase
}

/** Needs no configuration: in production there is none without these keys. */
async function writeKeys(file: string, folder: string): Promise<void> {
  const present = keyNames.map((name) => join(folder, name)).filter((path) => existsSync(path))
  if (present.length > 0) throw new CommandError(`${present.join(', ')} is there already, and stays as it is`)
  let keys: BackedUpKeys | undefined
  await readArchive(file, passphraseOf(), async (name, content) => {
    if (name === entryNames.keys) keys = JSON.parse(await textOf(content))
  })
  if (!keys) throw new CommandError(`${file} is no backup of passport-gateway`)
  const lists = keys
  const filled = keyNames.filter((name) => lists[name].length > 0)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const name of filled)
    await writeFile(join(folder, name), `${lists[name].join('\n')}\n`, {
      flag: 'wx',
      mode: 0o600,
      flush: true,
    })
  printLines(filled.map((name) => `wrote ${join(folder, name)}`))
}

async function restore(file: string): Promise<void> {
  const passphrase = passphraseOf()
  const config = loadConfig(undefined, { makeKeys: false })
  refuseWhatIsThere(config)
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const home = config.database.kind === 'sqlite' ? dirname(resolve(config.database.file)) : config.dataDir
  await mkdir(home, { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(join(home, '.restore-'))
  try {
    const { manifest, keys } = await unpack(file, passphrase, folder)
    const copy = join(folder, entryNames.database)
    if (manifest.database && (await checkDatabase(copy)) !== manifest.database.users)
      throw new CommandError('the restored database has another number of users than the backup says')
    if (manifest.database && config.database.kind === 'mysql')
      throw new CommandError('the backup holds an SQLite database: DATABASE_URL must be sqlite:PATH')
    const line = await settleKeys(config, keys)
    if (existsSync(join(folder, 'uploads')))
      await rename(join(folder, 'uploads'), join(config.dataDir, 'uploads'))
    // Last, as a database is what makes the rest count.
    if (manifest.database && config.database.kind === 'sqlite') await link(copy, config.database.file)
    printLines([...describe(config, manifest), line])
  } finally {
    await rm(folder, { recursive: true })
  }
}

function refuseWhatIsThere({ database, dataDir }: Config): void {
  const uploads = join(dataDir, 'uploads')
  const present = [
    ...(database.kind === 'sqlite' ? presentFiles(database.file) : []),
    ...(existsSync(uploads) ? [uploads] : []),
  ]
  if (present.length > 0)
    throw new CommandError(`${present.join(', ')} is there already, and stays as it is: move it away first`)
}

async function unpack(file: string, passphrase: string, folder: string) {
  let manifest: Manifest | undefined
  let keys: BackedUpKeys | undefined
  await readArchive(file, passphrase, async (name, content) => {
    if (name === entryNames.manifest) manifest = readManifest(await textOf(content))
    else if (name === entryNames.keys) keys = JSON.parse(await textOf(content))
    else await writeEntry(folder, name, content, createShow('restored', manifest?.database?.bytes))
  })
  if (!manifest || !keys) throw new CommandError(`${file} is no backup of passport-gateway`)
  return { manifest, keys }
}

async function writeEntry(
  folder: string,
  name: string,
  content: AsyncIterable<Buffer>,
  show: (bytes: number) => void,
): Promise<void> {
  const path = normalize(name)
  if (path !== entryNames.database && !path.startsWith('uploads/')) return
  if (name.endsWith('/')) return
  await mkdir(dirname(join(folder, path)), { recursive: true, mode: 0o700 })
  let bytes = 0
  const counted = async function* () {
    for await (const chunk of content) {
      bytes += chunk.length
      show(bytes)
      yield chunk
    }
  }
  await pipeline(
    Readable.from(counted()),
    createWriteStream(join(folder, path), { flags: 'wx', mode: 0o600, flush: true }),
  )
}

/** The given keys must open the backup; where there are none, its own are put where a server keeps those it made. */
async function settleKeys({ dataKeys, dataDir }: Config, keys: BackedUpKeys): Promise<string> {
  const made = madeKeysFile(dataDir)
  const own = dataKeys.length === 0 && existsSync(made) ? [loadMadeKeys(dataDir).dataKey] : dataKeys
  if (own.length > 0) {
    const known = new Set(own.map(keyFingerprint))
    const missing = keys.DATA_KEY.map(keyFingerprint).filter((key) => !known.has(key))
    if (missing.length === 0) return 'the keys that are given open it'
    throw new CommandError(
      `DATA_KEY lacks ${missing.join(', ')} of the backup: write its keys by --keys-to, and give them`,
    )
  }
  const [dataKey, ...moreDataKeys] = keys.DATA_KEY
  const [jwtSecret, ...moreSecrets] = keys.JWT_SECRET
  if (moreDataKeys.length + moreSecrets.length > 0)
    throw new CommandError('the backup has several keys of a kind: write them by --keys-to, and give them')
  const text = `${JSON.stringify({ dataKey, jwtSecret }, null, 2)}\n`
  await writeFile(made, text, { flag: 'wx', mode: 0o600, flush: true })
  return `its keys are in ${made}`
}

function describe({ database }: Config, manifest: Manifest): string[] {
  const made = `of ${manifest.madeAt}, by passport-gateway ${manifest.version}`
  if (!manifest.database || database.kind === 'mysql')
    return [`keys and pictures ${made}; the database is restored by its own means`]
  const { users, bytes } = manifest.database
  return [`${users} users in ${megabytes(bytes)} ${made}: ${database.file}`]
}

async function textOf(content: AsyncIterable<Buffer>): Promise<string> {
  return (await buffer(Readable.from(content))).toString('utf8')
}
