import { createReadStream, existsSync } from 'node:fs'
import { link, mkdtemp, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { type Config, loadConfig } from '../../../config/config.js'
import { packageVersion } from '../../services/telemetry/own-package.js'
import { CommandError } from '../command/error.js'
import { addExample } from '../command/options.js'
import { printLines } from '../command/print.js'
import { digestOf, readArchive, writeArchive } from './archive.js'
import { entryNames, keysOf, type Manifest } from './manifest.js'
import { createShow, megabytes } from './progress.js'
import { checkDatabase, copyDatabase } from './sqlite.js'

/** Adds `backup`, which may run beside the server. */
export function addBackupCommand(program: Command): void {
  const command = program
    .command('backup')
    .description(
      'write the SQLite database, the keys and uploaded pictures into one file, sealed with BACKUP_PASSPHRASE, while the server runs',
    )
    .argument('<file>', 'a file that is not there yet, on a disk with room for the database and the file')
    .action(backUp)
  addExample(command, 'backup /backup/passport-2026-01-31.age')
}

async function backUp(file: string): Promise<void> {
  const config = loadConfig()
  const passphrase = config.backupPassphrase
  if (passphrase === undefined)
    throw new CommandError(
      'BACKUP_PASSPHRASE or BACKUP_PASSPHRASE_FILE must be given: the backup holds the keys',
    )
  if (existsSync(file)) throw new CommandError(`${file} is there already, and stays as it is`)
  // Beside the file: what is moved within one disk appears whole.
  const folder = await mkdtemp(join(dirname(resolve(file)), '.backup-'))
  try {
    const draft = join(folder, 'draft')
    const manifest = await fill(config, { folder, draft, passphrase })
    await verify(draft, passphrase, manifest)
    await putInPlace(draft, file)
    const { size } = await stat(file)
    printLines([`${file}: ${megabytes(size)}${describe(manifest)}, read back and found whole`])
  } finally {
    await rm(folder, { recursive: true })
  }
}

interface Draft {
  /** Of the backup alone, for what is not sealed yet. */
  readonly folder: string
  readonly draft: string
  readonly passphrase: string
}

/** Copies first and packs then: the copy is of one moment, and the pictures that it names are older. */
async function fill(config: Config, { folder, draft, passphrase }: Draft): Promise<Manifest> {
  const copy = join(folder, entryNames.database)
  const database = await copyWhole(config, copy)
  const manifest: Manifest = {
    format: 1,
    madeAt: new Date().toISOString(),
    version: packageVersion(),
    ...(database ? { database } : {}),
  }
  const show = createShow('sealed', database?.bytes)
  await writeArchive(
    draft,
    passphrase,
    {
      texts: {
        [entryNames.manifest]: JSON.stringify(manifest),
        [entryNames.keys]: JSON.stringify(keysOf(config)),
      },
      files: database ? { [entryNames.database]: copy } : {},
      folder: existsSync(join(config.dataDir, 'uploads'))
        ? { name: 'uploads', parent: config.dataDir }
        : undefined,
    },
    show,
  )
  return manifest
}

async function copyWhole({ database }: Config, copy: string): Promise<Manifest['database']> {
  if (database.kind === 'mysql') {
    process.stderr.write('MySQL and MariaDB are backed up by their own means: this holds keys and pictures\n')
    return undefined
  }
  if (!existsSync(database.file)) throw new CommandError(`there is no database at ${database.file}`)
  process.stderr.write(`copying ${megabytes((await stat(database.file)).size)}\n`)
  await copyDatabase(database.file, copy)
  process.stderr.write('checking the copy\n')
  const users = await checkDatabase(copy)
  return { users, bytes: (await stat(copy)).size, sha256: await digestOf(createReadStream(copy)) }
}

/** Reads all of it, as a restore would. */
async function verify(draft: string, passphrase: string, { database }: Manifest): Promise<void> {
  process.stderr.write('reading it back\n')
  let found: string | undefined
  await readArchive(draft, passphrase, async (name, content) => {
    if (name === entryNames.database) found = await digestOf(content)
  })
  if (found !== database?.sha256) throw new CommandError('the backup does not read back as it was written')
}

/** A link fails where a file has come meanwhile; a rename would replace it. */
async function putInPlace(draft: string, file: string): Promise<void> {
  await link(draft, file).catch((error: unknown) => {
    throw new CommandError(`${file} could not be made: is it there already?`, { cause: error })
  })
}

function describe({ database }: Manifest): string {
  return database ? `, ${database.users} users in ${megabytes(database.bytes)}` : ', without the database'
}
