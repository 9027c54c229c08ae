import { FilterXSS } from 'xss'
import { escapeHtml } from '../../../gateway/wire/html.js'
import { isPictureAddress } from '../profiles/picture-addresses.js'

/** Blanks within a tag: those of clients have three or four, and the time to read attributes grows with their square. */
const mostBlanks = 24

/** Tags that say nothing but how a text looks: the H5 site wraps every text of a chat in a styled one. */
const dropped: ReadonlySet<string> = new Set(['div', 'span', 'p', 'br'])

/**
 * The mobile app shows messages as HTML, and real clients send products as a picture and a link (account.md §6). The app
 * decodes references before it looks for tags, other pages show them as they are: so no bracket is escaped, and one that
 * may not stay is written in its full width (account-beside.md §7).
 */
const filter = new FilterXSS({
  whiteList: { a: ['href'], img: ['src'] },
  // Comments are no exception: their brackets are text like any other.
  allowCommentTag: true,
  css: false,
  escapeHtml: widen,
  onTag: (tag, html, { isClosing }) => {
    if (dropped.has(tag)) return ''
    return isCrowded(html) || (isClosing && tag !== 'a') ? widen(html) : undefined
  },
  onIgnoreTag: (_tag, html) => widen(html),
  onTagAttr: (_tag, name, value, isAllowed) => (isAllowed ? writeAddress(name, value) : ''),
})

/** A tag that was kept, or what would be read as a character reference. */
const tagOrReference = /<[^>]*>|&(?=#?[a-z0-9]+;)/gi

/**
 * A message's text with no markup left but pictures and links to http(s) or the site itself; everything else reads the
 * same as text and as HTML, whatever decodes it, and is no longer than it was.
 */
export function sanitiseText(text: string): string {
  // Last, as what stood on both sides of a tag that was dropped may be a reference together.
  return filter.process(text).replace(tagOrReference, (found) => (found === '&' ? '＆' : found))
}

/**
 * A stored text, fit to be shown: an old shop never sanitised its own, and an earlier version escaped what it did not
 * keep. What can hold no markup is not looked at.
 */
export function cleanText<Text extends string | null>(text: Text): Text | string {
  return text === null || !/[<&]/.test(text) ? text : sanitiseText(unescape(text))
}

const characters: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}

/** Takes back, once, the escaping of earlier versions. */
function unescape(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (reference) => characters[reference] ?? reference)
}

function widen(html: string): string {
  return html.replaceAll('<', '＜')
}

function isCrowded(tag: string): boolean {
  return (tag.match(/\s/g)?.length ?? 0) > mostBlanks
}

/** An address that is written in other character references than `&amp;` hides something: it is left out. */
function writeAddress(name: string, value: string): string {
  const address = value.replaceAll('&amp;', '&')
  const isPlain = isPictureAddress(address) && !/&(#|\w+;)/.test(address)
  return isPlain ? `${name}="${escapeHtml(address)}"` : ''
}
