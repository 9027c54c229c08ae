import type { XMLParser } from 'fast-xml-parser'
import type { Fields } from '../fields.js'

export { textOf } from '../fields.js'

/** A message's fields by name: texts, and where WeChat nests, objects and lists of them. */
export type MessageFields = Fields

/** WeChat's own nest four deep (SendPicsInfo > PicList > item > PicMd5Sum). */
const mostNested = 8

let loaded: XMLParser | undefined

/** Eight megabytes of memory that a gateway without an official account need not have. */
async function loadParser(): Promise<XMLParser> {
  const { XMLParser } = await import('fast-xml-parser')
  loaded ??= new XMLParser({
    ignoreAttributes: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
    parseTagValue: false,
    // A message's text is kept to the blank.
    trimValues: false,
    // Outside CDATA `&amp;` is a text of one letter, as `&#38;` is. Numbers are taken with those of HTML only; what a
    // document type would declare is refused with it.
    processEntities: true,
    htmlEntities: true,
    maxNestedTags: mostNested,
    // `__proto__` and its like are an error.
    strictReservedNames: true,
  })
  return loaded
}

/**
 * Reads a message of WeChat, `<xml>…</xml>`. Undefined for what is none: bad XML, anything but elements and CDATA (so
 * that no document type declares entities), too deep, a field named as what objects have already.
 */
export async function readMessageXml(xml: string): Promise<MessageFields | undefined> {
  if (outsideCdata(xml).includes('<!')) return undefined
  const parser = await loadParser()
  try {
    const root = (parser.parse(xml, true) as Record<string, unknown>)['xml']
    return isObject(root) ? withoutBlanks(root) : undefined
  } catch {
    return undefined
  }
}

/** Writes the answer to a message: texts as CDATA, numbers as they are. */
export function writeMessageXml(fields: Readonly<Record<string, string | number>>): string {
  const elements = Object.entries(fields).map(([name, value]) => {
    const text = typeof value === 'number' ? value : `<![CDATA[${escapeCdata(value)}]]>`
    return `<${name}>${text}</${name}>`
  })
  return `<xml>${elements.join('')}</xml>`
}

/** Within CDATA nothing but its own end must not be said: it goes over two of them. Control characters are no XML. */
function escapeCdata(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  const written = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
  return written.replaceAll(']]>', ']]]]><![CDATA[>')
}

function outsideCdata(xml: string): string {
  const parts = xml.split('<![CDATA[')
  return parts.map((part, at) => (at === 0 ? part : part.split(']]>').slice(1).join(']]>'))).join('')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function withoutBlanks(fields: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(fields).filter(([name]) => name !== '#text')
  return Object.fromEntries(kept.map(([name, value]) => [name, clean(value)]))
}

function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clean)
  return isObject(value) ? withoutBlanks(value) : value
}
