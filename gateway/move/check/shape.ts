import type { Difference, DifferenceKind } from '../compare/difference.js'
import type { JsonLeaf, JsonObject, JsonTree } from '../traffic/json-tree.js'

/** How a text must be written. */
export type TextForm = 'double' | 'digits' | 'date-time' | 'date'

/** What a value must look like, whatever it is. */
export interface Shape {
  /** JSON Schema's names of types; none where anything will do. */
  readonly types: readonly string[]
  readonly fields?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  /** Whether the fields stand in this order. */
  readonly isOrdered?: boolean
  readonly items?: Shape
  readonly form?: TextForm | undefined
  readonly values?: readonly unknown[] | undefined
}

const forms: Readonly<Record<TextForm, RegExp>> = {
  double: /^-?\d+\.\d+$/,
  digits: /^-?\d+$/,
  'date-time': /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)?$/,
  date: /^(?:\d{4}-\d\d-\d\d(?: 00:00:00)?)?$/,
}

/** Where a value has another shape, by the names of differences. Of a value no more is told than its type. */
export function compareShape(shape: Shape, tree: JsonTree, path: string): Difference[] {
  const wrong = findWrongType(shape, tree)
  if (wrong !== undefined) return [differenceOf(wrong, path, shape.types.join(' or '), tree)]
  if (tree.kind === 'object') return compareFields(shape, tree, path)
  const { items } = shape
  if (tree.kind === 'list')
    return items === undefined ? [] : tree.items.flatMap((item) => compareShape(items, item, `${path}[*]`))
  return compareForm(shape, tree, path)
}

function differenceOf(kind: DifferenceKind, path: string, wanted: string, tree: JsonTree): Difference {
  return { kind, path, recorded: wanted, came: typeOf(tree) }
}

function typeOf(tree: JsonTree): string {
  if (tree.kind === 'list') return tree.items.length === 0 ? '[]' : 'array'
  if (tree.kind === 'object') return tree.members.length === 0 ? '{}' : 'object'
  if (tree.kind !== 'number') return tree.text === '' ? '""' : tree.kind
  return /^-?\d+$/.test(tree.raw) ? 'integer' : 'number'
}

function findWrongType({ types }: Shape, tree: JsonTree): DifferenceKind | undefined {
  const name = tree.kind === 'list' ? 'array' : tree.kind
  if (types.length === 0 || types.includes(name)) return undefined
  return findWrongLeaf(new Set(types), tree)
}

function findWrongLeaf(types: ReadonlySet<string>, tree: JsonTree): DifferenceKind | undefined {
  if (tree.kind === 'object')
    return tree.members.length === 0 && types.has('array') ? 'empty-list-object' : 'type'
  if (tree.kind === 'list')
    return tree.items.length === 0 && types.has('object') ? 'empty-list-object' : 'type'
  const isNumeric = types.has('integer') || types.has('number')
  if (tree.kind === 'number') {
    if (isNumeric) return /^-?\d+$/.test(tree.raw) ? undefined : 'number-form'
    return types.has('boolean') ? 'boolean-form' : types.has('string') ? 'string-number' : 'type'
  }
  if (tree.kind === 'null') return types.has('string') ? 'null-empty' : 'type'
  if (tree.kind === 'boolean') return 'type'
  if (types.has('boolean') && /^(?:0|1|true|false)$/i.test(tree.text)) return 'boolean-form'
  return isNumeric && /^-?\d+(?:\.\d+)?$/.test(tree.text) ? 'string-number' : 'type'
}

function compareFields(
  { fields = {}, required = [], isOrdered }: Shape,
  tree: JsonObject,
  path: string,
): Difference[] {
  const present = new Map(tree.members.map(({ name, value }) => [name, value]))
  const found: Difference[] = required
    .filter((name) => !present.has(name))
    .map((name) => ({
      kind: fields[name]?.types.includes('null') ? 'missing-null' : 'missing-field',
      path: `${path}.${name}`,
      recorded: fields[name]?.types.join(' or ') ?? 'a value',
      came: '(missing)',
    }))
  for (const [name, value] of present) {
    const shape = fields[name]
    if (shape !== undefined) found.push(...compareShape(shape, value, `${path}.${name}`))
  }
  if (!isOrdered) return found
  const wanted = Object.keys(fields).filter((name) => present.has(name))
  const came = [...present.keys()].filter((name) => name in fields)
  if (wanted.join() !== came.join())
    found.push({ kind: 'key-order', path, recorded: wanted.join(', '), came: came.join(', ') })
  return found
}

function compareForm({ form, values }: Shape, leaf: JsonLeaf, path: string): Difference[] {
  if (leaf.kind === 'null') return []
  if (form !== undefined && leaf.kind === 'string' && !forms[form].test(leaf.text)) {
    const kind = form.startsWith('date') ? 'date-form' : 'number-form'
    return [{ kind, path, recorded: form, came: leaf.text.replaceAll(/\d/g, '0').slice(0, 40) }]
  }
  const isAmong = values === undefined || values.some((value) => String(value) === leaf.text)
  return isAmong ? [] : [{ kind: 'value', path, recorded: values.join(' or '), came: 'another value' }]
}
