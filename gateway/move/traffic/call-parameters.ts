import { emptyParameters, parseQueryString, type RawParameters } from '../../wire/query-string.js'
import { readJsonTree } from './json-tree.js'
import type { RecordedBody } from './recorded-call.js'
import { splitOnce } from './split-once.js'

/** Whether a body of this type is a form; one of no type is. */
export function isForm(type: string): boolean {
  return type === '' || /^application\/x-www-form-urlencoded\b/i.test(type)
}

/** Parameters of query and form, the query's first (passport.md §1). */
export function allParameters(url: string, body: RecordedBody | undefined, type: string): RawParameters {
  const params = parseQueryString(splitOnce(url, '?')[1] ?? '', emptyParameters())
  if (body && 'text' in body && isForm(type)) parseQueryString(body.text, params)
  if (body && 'text' in body && /json/i.test(type)) {
    const tree = readJsonTree(body.text)
    for (const { name, value } of tree?.kind === 'object' ? tree.members : [])
      if (value.kind !== 'object' && value.kind !== 'list') params[name] ??= value.text
  }
  return params
}
