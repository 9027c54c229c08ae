import { CommandError } from '../../command/error.js'

/** Charsets that a file may be told to be in; a byte order mark tells of itself. */
export const charsets = ['utf-8', 'gb18030', 'gbk', 'utf-16le', 'utf-16be'] as const
export type Charset = (typeof charsets)[number]

/** A line may be long, but a file without line ends is no table. */
const mostLineBytes = 16 * 1024 * 1024

const binaryForms: readonly (readonly [begin: string, what: string])[] = [
  ['504b0304', 'an Excel workbook or another ZIP file; save it as "CSV UTF-8"'],
  ['d0cf11e0', 'an old Excel workbook; save it as "CSV UTF-8"'],
  ['1f8b', 'compressed by gzip; unpack it first'],
  ['53514c69746520666f726d6174', 'an SQLite database; export the table as CSV'],
]

/**
 * The text of a file, in pieces. What is not text in the charset is refused by its line, never read as something else.
 * Throws CommandError.
 */
export async function* readText(input: AsyncIterable<Buffer>, charset: Charset): AsyncIterable<string> {
  let decoder: Decoder | undefined
  let bytes = Buffer.alloc(0)
  for await (const piece of input) {
    bytes = Buffer.concat([bytes, piece])
    if (!decoder && bytes.length < 16) continue
    decoder ??= createDecoder(bytes, charset)
    const end = decoder.wholeBytes(bytes)
    if (end > 0) yield decoder.decode(bytes.subarray(0, end))
    bytes = bytes.subarray(end)
    if (bytes.length > mostLineBytes) throw new CommandError('the file has a line of more than 16 MB')
  }
  decoder ??= createDecoder(bytes, charset)
  if (bytes.length > 0) yield decoder.decode(bytes)
}

interface Decoder {
  /** How many of these bytes are whole lines. */
  wholeBytes(bytes: Buffer): number
  decode(bytes: Buffer): string
}

function createDecoder(begin: Buffer, told: Charset): Decoder {
  const hex = begin.subarray(0, 16).toString('hex')
  const binary = binaryForms.find(([start]) => hex.startsWith(start))
  if (binary) throw new CommandError(`the file is ${binary[1]}`)
  const marked = hex.startsWith('fffe') ? 'utf-16le' : hex.startsWith('feff') ? 'utf-16be' : undefined
  const charset = hex.startsWith('efbbbf') ? 'utf-8' : (marked ?? told)
  return charset.startsWith('utf-16') ? wideDecoder(charset) : lineDecoder(charset)
}

function lineDecoder(charset: string): Decoder {
  let line = 1
  let isFirst = true
  const decode = (bytes: Buffer) =>
    new TextDecoder(charset, { fatal: true, ignoreBOM: !isFirst }).decode(bytes)
  return {
    wholeBytes: (bytes) => bytes.lastIndexOf(0x0a) + 1,
    decode(bytes) {
      const zero = bytes.indexOf(0)
      if (zero !== -1)
        throw new CommandError(
          `line ${line + countLines(bytes.subarray(0, zero))} of the file is no text in ${charset}: it holds zero bytes`,
        )
      try {
        const text = decode(bytes)
        isFirst = false
        line += text.split('\n').length - 1
        return text
      } catch {
        throw new CommandError(
          `line ${line + goodLines(bytes, decode)} of the file is no text in ${charset}${adviceOf(charset)}`,
        )
      }
    },
  }
}

/** Line ends. */
function countLines(bytes: Buffer): number {
  let count = 0
  for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, end + 1)) count++
  return count
}

function adviceOf(charset: string): string {
  return charset === 'utf-8' ? '; what Excel saves in China is --charset gb18030' : ''
}

function goodLines(bytes: Buffer, decode: (bytes: Buffer) => string): number {
  let start = 0
  for (let lines = 0; ; lines++) {
    const end = bytes.indexOf(0x0a, start)
    try {
      decode(bytes.subarray(start, end === -1 ? undefined : end))
    } catch {
      return lines
    }
    if (end === -1) return lines
    start = end + 1
  }
}

function wideDecoder(charset: string): Decoder {
  const decoder = new TextDecoder(charset, { fatal: true })
  return {
    // A code unit is two bytes, and a pair of them a character.
    wholeBytes: (bytes) => bytes.length - (bytes.length % 2),
    decode(bytes) {
      try {
        return decoder.decode(bytes, { stream: true })
      } catch {
        throw new CommandError(`the file is no text in ${charset}`)
      }
    },
  }
}
