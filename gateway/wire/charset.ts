import { TextDecoder } from 'node:util'
import { GatewayError } from '../outcome/errors.js'

const utf8 = new Set(['', 'utf-8', 'utf8', 'us-ascii', 'ascii', 'unicode-1-1-utf-8'])

/** In these a byte below 0x30 stands for nothing but its ASCII character, so a form can be split before it is decoded. */
const ofForms = new Set(['gbk', 'gb18030', 'big5', 'shift_jis', 'euc-jp', 'euc-kr'])

/**
 * The decoder of a form whose type names another character set than UTF-8, as old sites in Chinese do; undefined for
 * UTF-8. The names and their aliases are browsers' (`gb2312` is `gbk`); single-byte sets are read too.
 *
 * @throws BODY_TYPE for a set that is not known
 */
export function formDecoder(contentType: string): TextDecoder | undefined {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? ''
  if (utf8.has(charset)) return undefined
  try {
    const decoder = new TextDecoder(charset, { fatal: true })
    if (ofForms.has(decoder.encoding) || /^(?:windows|iso-8859)-/.test(decoder.encoding)) return decoder
  } catch {
    // Not known, as below.
  }
  throw new GatewayError('BODY_TYPE', { detail: 'charset: utf-8 or gbk' })
}

/**
 * An urlencoded form of another character set, written anew in UTF-8.
 *
 * @throws PARAM_ERROR for bytes that are none of the set's
 */
export function recodeForm(form: Buffer, decoder: TextDecoder): string {
  // Latin-1 has a character for each byte.
  const recode = (text: string) => encodeURIComponent(decode(bytesOf(text), decoder))
  return form
    .toString('latin1')
    .split('&')
    .map((pair) => {
      const split = pair.indexOf('=')
      return split < 0 ? recode(pair) : `${recode(pair.slice(0, split))}=${recode(pair.slice(split + 1))}`
    })
    .join('&')
}

function bytesOf(text: string): Buffer {
  const spaced = text.replaceAll('+', ' ')
  const decoded = spaced.replaceAll(/%([0-9a-f]{2})/gi, (_, pair: string) =>
    String.fromCharCode(Number.parseInt(pair, 16)),
  )
  return Buffer.from(decoded, 'latin1')
}

function decode(bytes: Buffer, decoder: TextDecoder): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new GatewayError('PARAM_ERROR', { detail: `body: text in ${decoder.encoding}` })
  }
}
