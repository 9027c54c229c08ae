/**
 * In what two answers differ for a client that reads them, and what is told of it. Each is one that some client stumbles
 * over: PHP and JavaScript take `1` and `"1"` for the same, Swift and Java do not.
 */
export const differenceKinds = {
  status: 'another HTTP status',
  header: 'another header that clients read',
  code: 'another number of the envelope',
  text: 'another text for people',
  'not-json': 'JSON on one side only',
  body: 'another body that is no JSON',
  callback: 'another JSONP function around the JSON',
  'byte-order-mark': 'a byte order mark before the JSON on one side only',
  'blank-around': 'blanks or line ends around the JSON',
  spacing: 'blanks between the parts of the JSON',
  'missing-field': 'a field is missing',
  'extra-field': 'a field that was not there',
  'missing-null': 'a field is missing on one side, and null on the other',
  'null-empty': 'null on one side, an empty text on the other',
  'empty-list-object': '[] on one side, {} on the other',
  'string-number': 'a number on one side, the same as text on the other',
  'boolean-form': 'true or false on one side, the same as number or text on the other',
  'number-form': 'the same number written in another way, as 0 and 0.0',
  type: 'another type',
  'key-order': 'the same fields in another order',
  'list-length': 'a list of another length',
  'escaped-slash': '/ written as \\/',
  'escaped-unicode': 'characters written as \\u escapes',
  'escaped-other': 'characters escaped in another way',
  'date-form': 'a date in another form',
  'date-zone': 'the same date in another time zone',
  value: 'another value',
} as const satisfies Record<string, string>

export type DifferenceKind = keyof typeof differenceKinds

export interface Difference {
  readonly kind: DifferenceKind
  /** Where: `$.data.uid`, with `[*]` for any place of a list; `status`; `header location`. */
  readonly path: string
  /** What was recorded and what came now, in the form of a record. */
  readonly recorded: string
  readonly came: string
}
