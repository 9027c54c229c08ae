import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Decrypter, Encrypter } from 'age-encryption'
import { Header, Pack, Parser, ReadEntry } from 'tar'
import { CommandError } from '../command/error.js'

// A backup is a tar, compressed, sealed by age with a passphrase: "age --decrypt FILE | tar xz" opens it without us.

/** What goes into an archive, in this order. */
export interface ArchiveContent {
  /** Texts, by their names. */
  readonly texts: Readonly<Record<string, string>>
  /** Files from elsewhere, by their names. */
  readonly files: Readonly<Record<string, string>>
  /** A folder that is packed whole, and where it is; absent for none. */
  readonly folder?: { readonly name: string; readonly parent: string } | undefined
}

/** Told how many bytes of content have passed. */
type Show = (bytes: number) => void

/** Writes an archive; the file must not be there. */
export async function writeArchive(
  file: string,
  passphrase: string,
  { texts, files, folder }: ArchiveContent,
  show: Show = () => {},
): Promise<void> {
  const pack = new Pack({ gzip: { level: 3 }, portable: true, ...(folder ? { cwd: folder.parent } : {}) })
  const fill = async () => {
    for (const [name, text] of Object.entries(texts)) {
      const content = Buffer.from(text)
      await addEntry(pack, name, content.length, (entry) => Promise.resolve(entry.end(content)))
    }
    for (const [name, path] of Object.entries(files))
      await addEntry(pack, name, (await stat(path)).size, (entry) => copyInto(entry, path, show))
    if (folder) pack.add(folder.name)
    pack.end()
  }
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  const sealed = await encrypter.encrypt(ReadableStream.from(pack))
  await Promise.all([
    fill(),
    pipeline(Readable.fromWeb(sealed), createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true })),
  ])
}

async function addEntry(
  pack: Pack,
  path: string,
  size: number,
  write: (entry: ReadEntry) => Promise<unknown>,
): Promise<void> {
  const entry = new ReadEntry(new Header({ path, size, mode: 0o600, type: 'File', mtime: new Date() }))
  pack.add(entry)
  await write(entry)
}

async function copyInto(entry: ReadEntry, path: string, show: Show): Promise<void> {
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    bytes += chunk.length
    if (!entry.write(chunk)) await once(entry, 'drain')
    show(bytes)
  }
  entry.end()
}

/** Takes the entries of an archive, one after the other; what it leaves unread is skipped. */
export type TakeEntry = (name: string, content: AsyncIterable<Buffer>) => Promise<void>

/**
 * Reads an archive to its end, every byte of it checked against the passphrase's seal.
 *
 * @throws CommandError for a wrong passphrase, and for a file that is no backup or was cut or changed
 */
export async function readArchive(file: string, passphrase: string, take: TakeEntry): Promise<void> {
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  const source = Readable.toWeb(createReadStream(file, { highWaterMark: 1 << 20 }))
  const parser = new Parser({ strict: true })
  let taking = Promise.resolve()
  let failure: unknown
  parser.on('entry', (entry: ReadEntry) => {
    taking = taking
      .then(() => take(entry.path, entry as unknown as AsyncIterable<Buffer>))
      .catch((error: unknown) => {
        failure ??= error
      })
      .finally(() => entry.resume())
  })
  try {
    const plain = await decrypter.decrypt(source as ReadableStream<Uint8Array>)
    const ended = once(parser, 'end')
    for await (const chunk of plain) {
      if (failure) break
      if (!parser.write(Buffer.from(chunk))) await once(parser, 'drain')
    }
    parser.end()
    await ended
  } catch (error) {
    if (failure) throw failure
    throw new CommandError(
      `${file} does not open: the passphrase is another, or the file is no backup, or was cut or changed`,
      { cause: error },
    )
  }
  await taking
  if (failure) throw failure
}

/** SHA-256 of a content, in hex. */
export async function digestOf(content: AsyncIterable<Buffer>): Promise<string> {
  const digest = createHash('sha256')
  for await (const chunk of content) digest.update(chunk)
  return digest.digest('hex')
}
