import { type JsonTree, readJsonTree } from '../traffic/json-tree.js'
import { splitAnswer } from '../traffic/rewrite.js'

/** What a server answered. */
export interface WireAnswer {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** The JSON of the body, whatever stands around it; undefined for what is none. */
  readonly tree: JsonTree | undefined
}

/** Reads an answer off the wire. */
export function readAnswer(status: number, rawHeaders: readonly string[], body: Buffer): WireAnswer {
  const headers: Record<string, string> = {}
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    headers[(rawHeaders[at] ?? '').toLowerCase()] = rawHeaders[at + 1] ?? ''
  const text = body.toString('utf8')
  return { status, headers, text, tree: readJsonTree(splitAnswer(text).json) }
}

/** The member of an object that a path of names leads to. */
export function memberAt(tree: JsonTree | undefined, ...path: readonly string[]): JsonTree | undefined {
  let found = tree
  for (const name of path)
    found = found?.kind === 'object' ? found.members.find((member) => member.name === name)?.value : undefined
  return found
}

/** What a string says or how a number is written, at a path of names; undefined for anything else. */
export function textAt(tree: JsonTree | undefined, ...path: readonly string[]): string | undefined {
  const found = memberAt(tree, ...path)
  return found?.kind === 'string' || found?.kind === 'number' ? found.text : undefined
}

/** Whether the server did what was asked, in either envelope. */
export function isDone({ tree }: WireAnswer): boolean {
  return (
    textAt(tree, 'status') === '200' ||
    (textAt(tree, 'status') === undefined && textAt(tree, 'code') === '200')
  )
}
