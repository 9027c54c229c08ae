import { type JsonLeaf, type JsonTree, readJsonTree } from './json-tree.js'
import { parseQueryString } from '../../wire/query-string.js'

/** Another value in place of one, or the same. */
export type Replace = (name: string, value: string) => string

/** Replaces values of a query string or form; a pair whose value stays is left as it was written. */
export function rewriteQuery(text: string, replace: Replace): string {
  return text
    .split('&')
    .map((pair) => {
      const [[name, value] = ['', '']] = Object.entries(parseQueryString(pair))
      const replaced = replace(name, value)
      if (replaced === value) return pair
      return `${pair.slice(0, pair.indexOf('='))}=${encodeURIComponent(replaced)}`
    })
    .join('&')
}

/**
 * Replaces strings and numbers of JSON, each under the name of its field; of a list, that of the list. Everything else
 * stays as it is written, and the way in which characters are escaped too. Undefined for what is no JSON.
 */
export function rewriteJson(text: string, replace: Replace): string | undefined {
  const tree = readJsonTree(text)
  if (tree === undefined) return undefined
  let end = 0
  let written = ''
  forEachLeaf(tree, '', (leaf, name) => {
    const raw = rewriteLeaf(leaf, name, replace)
    if (raw === leaf.raw) return
    written += text.slice(end, leaf.start) + raw
    end = leaf.end
  })
  return written + text.slice(end)
}

/** Visits what is neither an object nor a list, in the order of the text, with the name of its field. */
export function forEachLeaf(
  tree: JsonTree,
  name: string,
  visit: (leaf: JsonLeaf, name: string) => void,
): void {
  if (tree.kind === 'object') for (const member of tree.members) forEachLeaf(member.value, member.name, visit)
  else if (tree.kind === 'list') for (const item of tree.items) forEachLeaf(item, name, visit)
  else visit(tree, name)
}

function rewriteLeaf(leaf: JsonLeaf, name: string, replace: Replace): string {
  if (leaf.kind !== 'string' && leaf.kind !== 'number') return leaf.raw
  const replaced = replace(name, leaf.text)
  if (replaced === leaf.text) return leaf.raw
  return leaf.kind === 'string' ? writeLike(leaf.raw, replaced) : replaced
}

/** One character of a JSON string as it may be written: an escape or the character itself. */
const writtenCharacter = /\\u[0-9a-f]{4}|\\.|[\s\S]/gi

/** Writes a text as a JSON string in which escapes stand where they stood in another one. */
function writeLike(raw: string, text: string): string {
  const before = raw.slice(1, -1).match(writtenCharacter) ?? []
  const isUpper = /\\u[0-9a-f]*[A-F]/.test(raw)
  const hasUnicode = raw.includes('\\u')
  const hasSlash = raw.includes('\\/')
  const written = text.split('').map((character, at) => {
    const was = before[at] ?? ''
    if (character === '/') return was === '\\/' || (was === '' && hasSlash) ? '\\/' : '/'
    const isEscaped = was.startsWith('\\u') || (was === '' && hasUnicode && character > '\u007f')
    if (!isEscaped) return JSON.stringify(character).slice(1, -1)
    const hex = character.charCodeAt(0).toString(16).padStart(4, '0')
    return `\\u${isUpper ? hex.toUpperCase() : hex}`
  })
  return `"${written.join('')}"`
}

/** How a JSONP answer begins and ends, without the blanks around it. */
const jsonpBegin = /^(?:\/\*\*\/)?\s*[\w$.]{1,64}\s*\(/
const jsonpEnd = /\)\s*;?$/

/** What stands before the JSON of an answer, the JSON, and what stands after it. */
export interface AnswerParts {
  readonly before: string
  readonly json: string
  readonly after: string
}

/** Takes byte order mark, blanks and a JSONP function away, in a time that grows with the text and no faster. */
export function splitAnswer(text: string): AnswerParts {
  const whole = trimParts(text)
  const [open = ''] = jsonpBegin.exec(whole.json) ?? []
  const [close = ''] = jsonpEnd.exec(whole.json) ?? []
  if (open === '' || close === '') return whole
  const inner = trimParts(whole.json.slice(open.length, whole.json.length - close.length))
  return {
    before: whole.before + open + inner.before,
    json: inner.json,
    after: inner.after + close + whole.after,
  }
}

/** `trim` takes a byte order mark for a blank too. */
function trimParts(text: string): AnswerParts {
  const rest = text.trimStart()
  const json = rest.trimEnd()
  return {
    before: text.slice(0, text.length - rest.length),
    json,
    after: rest.slice(json.length),
  }
}

/** As rewriteJson, for an answer that may be JSONP or have a byte order mark. */
export function rewriteAnswer(text: string, replace: Replace): string | undefined {
  const { before, json, after } = splitAnswer(text)
  const rewritten = rewriteJson(json, replace)
  return rewritten === undefined ? undefined : before + rewritten + after
}
