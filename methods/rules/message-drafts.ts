import type { MessageBody } from '../../db/user-messages.js'
import { GatewayError } from '../../gateway/errors.js'
import type { Contracts } from '../../schemas/contracts.js'
import { sanitiseText } from './message-texts.js'

type AddParameters = Contracts['front.account.userMessage.add']['params']

/** Of the column; sanitising may make a text longer. */
const mostCharacters = 1024

/** What a client wants to send. Throws PARAM_ERROR for a text that is too long. */
export function readDraft(params: AddParameters): MessageBody {
  return {
    message_parent_id: params.message_parent_id ?? 0,
    message_title: params.message_title ?? '',
    message_content: readText(params),
    message_cat: readCat(params.message_cat || params.type || ''),
    message_data_type: params.message_data_type ?? 0,
    message_data_id: params.message_data_id || params.item_id || '',
    message_length: params.message_length ?? params.length ?? 0,
    message_w: params.message_w ?? params.w ?? 0,
    message_h: params.message_h ?? params.h ?? 0,
  }
}

/** A text as it is stored; `parameter` is where it came from. Throws PARAM_ERROR when it is too long, or gets so. */
export function readMessageText(text: string, parameter: string): string {
  const sanitised = isStorable(text) ? sanitiseText(text) : ''
  if (isStorable(text) && isStorable(sanitised)) return sanitised
  const detail = `${parameter}: text of at most ${mostCharacters} characters, escapes included`
  throw new GatewayError('PARAM_ERROR', { detail })
}

/** An object that a client wrote as JSON; what is none has no fields. */
export function readJsonFields(text: string | undefined): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(text || '{}')
    return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : [])
  } catch {
    return new Map()
  }
}

function readText({ message_content: content = '', mine }: AddParameters): string {
  if (content !== '') return readMessageText(content, 'message_content')
  const written = readJsonFields(mine).get('content')
  // SQLite gives a text back only up to a NUL, which JSON can write.
  const text = typeof written === 'string' ? written.replaceAll('\0', '') : ''
  return readMessageText(text, 'mine')
}

/** One kind has two names. */
function readCat(cat: string): string {
  if (cat === '') return 'text'
  return cat === 'redEnvelope' ? 'redpack' : cat
}

/** Counted as the database does. */
function isStorable(text: string): boolean {
  return text.length <= 2 * mostCharacters && Array.from(text).length <= mostCharacters
}
