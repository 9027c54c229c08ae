import type { JsonLeaf, JsonList, JsonObject, JsonTree } from '../traffic/json-tree.js'
import { compareDates } from './compare-dates.js'
import type { Difference, DifferenceKind } from './difference.js'

/** What differs between two JSON values for a client that reads them; both are in the form of a record. */
export function compareTrees(recorded: JsonTree, came: JsonTree): Difference[] {
  const outcomes = envelopeDifferences(recorded, came)
  // Another outcome has other fields: that they differ too says nothing more.
  if (outcomes.some(({ kind }) => kind === 'code')) return outcomes
  return compareValues(recorded, came, '$')
}

/** Fields of both envelopes that say how a call ended. */
const outcomeNames = ['code', 'status']
const textNames = ['message', 'msg']

function envelopeDifferences(recorded: JsonTree, came: JsonTree): Difference[] {
  if (recorded.kind !== 'object' || came.kind !== 'object') return []
  return outcomeNames.flatMap((name) => {
    const [one, other] = [memberOf(recorded, name), memberOf(came, name)]
    if (one?.kind !== 'number' || other?.kind !== 'number') return []
    return compareValues(one, other, `$.${name}`)
  })
}

function memberOf({ members }: JsonObject, name: string): JsonTree | undefined {
  return members.find((member) => member.name === name)?.value
}

function compareValues(one: JsonTree, other: JsonTree, path: string): Difference[] {
  if (one.kind === 'object' && other.kind === 'object') return compareObjects(one, other, path)
  if (one.kind === 'list' && other.kind === 'list') return compareLists(one, other, path)
  if (isLeaf(one) && isLeaf(other)) {
    if (one.raw === other.raw) return []
    return leafKinds(one, other, path).map((kind) => differenceOf(kind, path, [one, other]))
  }
  const areEmpty = isEmpty(one) && isEmpty(other)
  return [differenceOf(areEmpty ? 'empty-list-object' : 'type', path, [one, other])]
}

function isLeaf(tree: JsonTree): tree is JsonLeaf {
  return tree.kind !== 'object' && tree.kind !== 'list'
}

function isEmpty(tree: JsonTree): boolean {
  return (
    (tree.kind === 'list' && tree.items.length === 0) || (tree.kind === 'object' && tree.members.length === 0)
  )
}

function differenceOf(
  kind: DifferenceKind,
  path: string,
  [one, other]: readonly [JsonTree | undefined, JsonTree | undefined],
): Difference {
  return { kind, path, recorded: sketch(one), came: sketch(other) }
}

/** Short enough for a report. */
function sketch(tree: JsonTree | undefined): string {
  if (tree === undefined) return '(missing)'
  if (tree.kind === 'list') return tree.items.length === 0 ? '[]' : `a list of ${tree.items.length}`
  if (tree.kind === 'object')
    return tree.members.length === 0
      ? '{}'
      : `{${tree.members.map(({ name }) => name).join(', ')}}`.slice(0, 200)
  return tree.raw.slice(0, 120)
}

function compareObjects(one: JsonObject, other: JsonObject, path: string): Difference[] {
  const [fields, others] = [fieldsOf(one), fieldsOf(other)]
  const found: Difference[] = []
  for (const [name, value] of fields) {
    const place = `${path}.${name}`
    const match = others.get(name)
    if (match !== undefined) found.push(...compareValues(value, match, place))
    else
      found.push(
        differenceOf(value.kind === 'null' ? 'missing-null' : 'missing-field', place, [value, match]),
      )
  }
  for (const [name, value] of others) {
    if (fields.has(name)) continue
    const kind = value.kind === 'null' ? 'missing-null' : 'extra-field'
    found.push(differenceOf(kind, `${path}.${name}`, [undefined, value]))
  }
  const order = [...fields.keys()].filter((name) => others.has(name)).join(', ')
  const otherOrder = [...others.keys()].filter((name) => fields.has(name)).join(', ')
  if (order !== otherOrder)
    found.push({ kind: 'key-order', path, recorded: order.slice(0, 200), came: otherOrder.slice(0, 200) })
  return found
}

/** Of a doubled name the last counts, as for JSON.parse. */
function fieldsOf({ members }: JsonObject): Map<string, JsonTree> {
  return new Map(members.map(({ name, value }) => [name, value]))
}

function compareLists(one: JsonList, other: JsonList, path: string): Difference[] {
  const found = one.items.flatMap((item, place) => {
    const match = other.items[place]
    return match === undefined ? [] : compareValues(item, match, `${path}[*]`)
  })
  if (one.items.length !== other.items.length) found.push(differenceOf('list-length', path, [one, other]))
  return found
}

/** Two different leaves: in what they differ. */
function leafKinds(one: JsonLeaf, other: JsonLeaf, path: string): DifferenceKind[] {
  if (one.kind === other.kind) {
    if (one.kind === 'string') return stringKinds(one, other, path)
    if (one.kind !== 'number') return ['value']
    if (Number(one.text) === Number(other.text)) return ['number-form']
    return [outcomeNames.some((name) => path === `$.${name}`) ? 'code' : 'value']
  }
  const kinds = new Set([one.kind, other.kind])
  if (kinds.has('null')) return [one.text === '' || other.text === '' ? 'null-empty' : 'type']
  if (kinds.has('boolean')) return [truthOf(one) === truthOf(other) ? 'boolean-form' : 'type']
  return [
    isNumber(one.text) && isNumber(other.text) && Number(one.text) === Number(other.text)
      ? 'string-number'
      : 'type',
  ]
}

function truthOf({ text }: JsonLeaf): string {
  return /^(?:1|true)$/i.test(text) ? 'true' : /^(?:0|false|)$/i.test(text) ? 'false' : text
}

function isNumber(text: string): boolean {
  return /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text)
}

function stringKinds(one: JsonLeaf, other: JsonLeaf, path: string): DifferenceKind[] {
  if (one.text === other.text) return escapeKinds(one.raw, other.raw)
  if (textNames.some((name) => path === `$.${name}`)) return ['text']
  const dates = compareDates(one.text, other.text)
  if (dates !== undefined) return dates
  return [
    isNumber(one.text) && isNumber(other.text) && Number(one.text) === Number(other.text)
      ? 'number-form'
      : 'value',
  ]
}

function escapeKinds(one: string, other: string): DifferenceKind[] {
  const kinds: DifferenceKind[] = []
  const without = (raw: string, escape: RegExp) => raw.replaceAll(escape, '')
  const [slashes, unicode] = [/(?<!\\)((?:\\\\)*)\\\//g, /(?<!\\)((?:\\\\)*)\\u[0-9a-f]{4}/gi]
  if (slashes.test(one) !== new RegExp(slashes).test(other)) kinds.push('escaped-slash')
  const counted = (raw: string) => raw.length - without(raw, unicode).length
  if (counted(one) !== counted(other)) kinds.push('escaped-unicode')
  return kinds.length > 0 ? kinds : ['escaped-other']
}
