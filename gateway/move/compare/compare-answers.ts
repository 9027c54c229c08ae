import { readJsonTree } from '../traffic/json-tree.js'
import type { RecordedAnswer, RecordedBody } from '../traffic/recorded-call.js'
import { type AnswerParts, splitAnswer } from '../traffic/rewrite.js'
import { compareTrees } from './compare-trees.js'
import type { Difference, DifferenceKind } from './difference.js'

/** Headers that a client notices where one side has them and the other has not. */
const noticedEitherWay = new Set(['content-type', 'content-encoding', 'location', 'set-cookie'])

/**
 * What differs for a client between an answer that was recorded and one that came now. An answer that is the same to the
 * byte has no differences; one that has none is the same to the byte, but for values that a record doesn't hold.
 */
export function compareAnswers(recorded: RecordedAnswer, came: RecordedAnswer): Difference[] {
  const status =
    recorded.status === came.status
      ? []
      : [difference('status', 'status', String(recorded.status), String(came.status))]
  return [...status, ...compareHeaders(recorded, came), ...compareBodies(recorded.body, came.body)]
}

function difference(kind: DifferenceKind, path: string, recorded: string, came: string): Difference {
  return { kind, path, recorded: recorded.slice(0, 200), came: came.slice(0, 200) }
}

function compareHeaders(
  { headers: recorded }: RecordedAnswer,
  { headers: came }: RecordedAnswer,
): Difference[] {
  const names = new Set([...Object.keys(recorded), ...Object.keys(came)])
  return [...names].flatMap((name) => {
    const [one, other] = [recorded[name], came[name]]
    // A server of ours says more than was asked for, such as nosniff: nobody reads that.
    if (one === undefined && !noticedEitherWay.has(name)) return []
    // A fresh token is another each time.
    if (name === 'authorization' && one !== undefined && other !== undefined) return []
    const isSame = one !== undefined && other !== undefined && plainForm(one) === plainForm(other)
    return isSame ? [] : [difference('header', `header ${name}`, one ?? '(none)', other ?? '(none)')]
  })
}

/** As clients read headers: without regard to case and blanks. */
function plainForm(value: string): string {
  return value.toLowerCase().replaceAll(/\s+/g, '')
}

function compareBodies(recorded: RecordedBody, came: RecordedBody): Difference[] {
  if ('leftOut' in recorded || 'leftOut' in came) return []
  if ('text' in recorded && 'text' in came) return compareTexts(recorded.text, came.text)
  if ('hash' in recorded && 'hash' in came)
    return recorded.hash === came.hash
      ? []
      : [difference('body', '$', `${recorded.bytes} bytes`, `${came.bytes} bytes`)]
  return [difference('not-json', '$', sketch(recorded), sketch(came))]
}

function sketch(body: RecordedBody): string {
  if ('text' in body) return body.text
  return 'hash' in body ? `${body.bytes} bytes of something else` : ''
}

function compareTexts(recorded: string, came: string): Difference[] {
  if (recorded === came) return []
  const [one, other] = [splitAnswer(recorded), splitAnswer(came)]
  const [tree, otherTree] = [readJsonTree(one.json), readJsonTree(other.json)]
  if (tree === undefined || otherTree === undefined) return [difference('not-json', '$', recorded, came)]
  const found = [...compareAround(one, other), ...compareTrees(tree, otherTree)]
  if (found.length > 0 || one.json === other.json) return found
  return [difference('spacing', '$', one.json, other.json)]
}

function compareAround(one: AnswerParts, other: AnswerParts): Difference[] {
  const mark = '\ufeff'
  const hasMark = ({ before, after }: AnswerParts) => (before + after).includes(mark)
  const functionOf = ({ before, after }: AnswerParts) => (before + after).replaceAll(/[\s\ufeff]/g, '')
  const blanksOf = ({ before, after }: AnswerParts) =>
    JSON.stringify([before, after].map((text) => text.replaceAll(/[^\s]|\ufeff/g, '')))
  const found: Difference[] = []
  if (hasMark(one) !== hasMark(other))
    found.push(difference('byte-order-mark', '$', ...markTexts(hasMark(one))))
  if (functionOf(one) !== functionOf(other))
    found.push(difference('callback', '$', functionOf(one), functionOf(other)))
  if (blanksOf(one) !== blanksOf(other))
    found.push(difference('blank-around', '$', blanksOf(one), blanksOf(other)))
  return found
}

function markTexts(isFirst: boolean): [string, string] {
  return isFirst ? ['U+FEFF', '(none)'] : ['(none)', 'U+FEFF']
}
