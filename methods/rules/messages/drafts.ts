import type { MessageBody } from '../../../db/user-messages.js'
import { malformed } from '../../../gateway/contract/field-refusals.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Contracts } from '../../../schemas/contracts.js'
import { sanitiseText } from './texts.js'

type AddParameters = Contracts['front.account.userMessage.add']['params']

/** Of a text as it is written; escaped, it may be longer. */
const mostCharacters = 1024

/** A message of these cats names a file, which clients write into an attribute or load. */
const fileCats: readonly string[] = ['img', 'video', 'voice', 'file']
/** On http(s) or relative to the site, and nothing that ends an attribute. */
const harmlessAddress = /^(?:https?:\/\/|(?![^/?#]*:))[^"'`<>\\\p{Cc}]*$/iu

/** What a client wants to send. Throws MESSAGE_TOO_LONG, and FIELD_REFUSED for a file nowhere on the web. */
export function readDraft(params: AddParameters): MessageBody {
  const cat = readCat(params.message_cat || params.type || '')
  const content = readText(params)
  // Whole, no tag is an address: clients write it into an attribute, where a bracket or a quote of its own would end it.
  if (fileCats.includes(cat) && !harmlessAddress.test(content))
    throw new GatewayError('FIELD_REFUSED', {
      detail: 'message_content: an http(s) or relative address',
      reason: malformed('文件地址'),
    })
  return {
    message_parent_id: 0,
    message_title: params.message_title ?? '',
    message_content: content,
    message_cat: cat,
    // Of the shop's own announcements, orders and balances: users don't send these.
    message_data_type: 0,
    message_data_id: params.message_data_id || params.item_id || '',
    message_length: params.message_length ?? params.length ?? 0,
    message_w: params.message_w ?? params.w ?? 0,
    message_h: params.message_h ?? params.h ?? 0,
  }
}

/** A text as it is stored; `parameter` is where it came from. Throws MESSAGE_TOO_LONG. */
export function readMessageText(text: string, parameter: string): string {
  if (isInLimits(text)) return sanitiseText(text)
  throw new GatewayError('MESSAGE_TOO_LONG', {
    detail: `${parameter}: text of at most ${mostCharacters} characters`,
  })
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
function isInLimits(text: string): boolean {
  return text.length <= 2 * mostCharacters && Array.from(text).length <= mostCharacters
}
