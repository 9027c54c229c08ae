import type { ColumnKind } from './wanted.js'
import type { FoundColumn } from './found.js'

/**
 * How a column keeps what we mean: `same` as ours do; `bit`; `digit` the text 0 or 1; `seconds`; `wall` a date and time
 * of TIME_ZONE; `day`; `milliseconds`; `unsigned` a whole number, where ours have a sign.
 */
export type PhysicalForm = 'same' | 'unsigned' | 'bit' | 'digit' | 'milliseconds' | 'seconds' | 'wall' | 'day'

const integers = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint']
const numbers = [...integers, 'decimal', 'float', 'double']
const texts = ['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext']
const walls = ['timestamp', 'datetime']

/** What a column of each kind may be. */
export const acceptedTypes: Readonly<Record<ColumnKind, readonly string[]>> = {
  text: [...texts, 'enum'],
  number: numbers,
  flag: ['bit', ...integers, 'char', 'varchar', 'enum'],
  time: ['bigint', 'int', ...walls],
  moment: [...walls, 'bigint', 'int'],
  date: ['date', ...walls],
}

/** Whether we can keep what we mean in a column. */
export function isAdoptable(kind: ColumnKind, column: FoundColumn): boolean {
  if (!acceptedTypes[kind].includes(column.dataType)) return false
  if (column.dataType === 'bit') return /^bit\(1\)$/i.test(column.columnType)
  if (column.dataType !== 'enum') return true
  const values = enumValues(column)
  return kind === 'text' || (values.includes('0') && values.includes('1'))
}

/** The values of an enum, in its order. */
export function enumValues({ columnType }: FoundColumn): string[] {
  return [...columnType.matchAll(/'((?:[^']|'')*)'/g)].map(([, value = '']) => value.replaceAll("''", "'"))
}

/** How an adoptable column keeps what we mean; `inSeconds` of a number decides between two that look alike. */
export function formOf(
  kind: ColumnKind,
  { dataType, columnType }: FoundColumn,
  inSeconds: boolean,
): PhysicalForm {
  if (walls.includes(dataType)) return 'wall'
  if (dataType === 'date') return 'day'
  if (kind === 'time' && inSeconds) return 'seconds'
  if (kind === 'moment') return inSeconds ? 'seconds' : 'milliseconds'
  if (kind === 'number' || kind === 'time')
    return integers.includes(dataType) && columnType.includes('unsigned') ? 'unsigned' : 'same'
  if (kind !== 'flag') return 'same'
  if (dataType === 'bit') return 'bit'
  return integers.includes(dataType) ? 'same' : 'digit'
}
