import { parse, type ValueNode } from '@humanwhocodes/momoa'

/** A JSON value as it is written: order, doubled names, escapes and the form of numbers are kept. */
export type JsonTree = JsonObject | JsonList | JsonLeaf

interface Placed {
  /** Where it stands in the text, in UTF-16 code units. */
  readonly start: number
  readonly end: number
}

export interface JsonObject extends Placed {
  readonly kind: 'object'
  readonly members: readonly { readonly name: string; readonly value: JsonTree }[]
}

export interface JsonList extends Placed {
  readonly kind: 'list'
  readonly items: readonly JsonTree[]
}

export interface JsonLeaf extends Placed {
  readonly kind: 'string' | 'number' | 'boolean' | 'null'
  /** As in the text, quotation marks and escapes included. */
  readonly raw: string
  /** What a string says; of any other its text. */
  readonly text: string
}

/** Reads strict JSON (RFC 8259), blanks around it allowed. Undefined for what is none. */
export function readJsonTree(text: string): JsonTree | undefined {
  try {
    return treeOf(text, parse(text, { mode: 'json', ranges: true }).body)
  } catch {
    return undefined
  }
}

function treeOf(text: string, node: ValueNode): JsonTree {
  const [start, end] = node.range ?? [0, 0]
  const raw = text.slice(start, end)
  switch (node.type) {
    case 'Object':
      return {
        kind: 'object',
        start,
        end,
        members: node.members.map(({ name, value }) => ({
          name: name.type === 'String' ? name.value : name.name,
          value: treeOf(text, value),
        })),
      }
    case 'Array':
      return { kind: 'list', start, end, items: node.elements.map(({ value }) => treeOf(text, value)) }
    case 'String':
      return { kind: 'string', start, end, raw, text: node.value }
    case 'Boolean':
      return { kind: 'boolean', start, end, raw, text: raw }
    case 'Null':
      return { kind: 'null', start, end, raw, text: raw }
    case 'Number':
    case 'NaN':
    case 'Infinity':
      break
  }
  return { kind: 'number', start, end, raw, text: raw }
}
