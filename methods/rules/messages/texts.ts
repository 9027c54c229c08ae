import { FilterXSS } from 'xss'
import { escapeHtml } from '../../../gateway/wire/html.js'
import { isPictureAddress } from '../profiles/picture-addresses.js'

/** Blanks within a tag: those of clients have three or four, and the time to read attributes grows with their square. */
const mostBlanks = 24

/** The mobile app shows messages as HTML, and real clients send products as a picture and a link (account.md §6). */
const filter = new FilterXSS({
  whiteList: { a: ['href'], img: ['src'] },
  // Comments are no exception: they are escaped like any other tag.
  allowCommentTag: true,
  css: false,
  onTag: (_tag, html) => (isCrowded(html) ? html.replaceAll('<', '&lt;').replaceAll('>', '&gt;') : undefined),
  onTagAttr: (_tag, name, value, isAllowed) => (isAllowed ? writeAddress(name, value) : ''),
})

/**
 * A message's text with no markup left but pictures and links to http(s) or the site itself; everything else is
 * escaped, so that it is read as it was written.
 */
export function sanitiseText(text: string): string {
  return filter.process(text)
}

/**
 * A stored text, fit to be shown: one that an old shop brought was never sanitised. What was stays as it is, and what
 * can hold no markup is not looked at.
 */
export function cleanText<Text extends string | null>(text: Text): Text | string {
  return text === null || !/[<&]/.test(text) ? text : sanitiseText(text)
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
