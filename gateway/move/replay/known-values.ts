import { type JsonLeaf, readJsonTree } from '../traffic/json-tree.js'
import type { Pseudonym } from '../traffic/pseudonyms.js'
import { forEachLeaf, splitAnswer } from '../traffic/rewrite.js'
import { valueKindOf } from '../traffic/sensitive.js'

/** Which values stand behind pseudonyms: those that somebody told, and those that the candidate gave. */
export interface KnownValues {
  /** The value to send in place of a pseudonym, which stood under a name. */
  restore(pseudonym: string, name?: string): string | undefined
  /** Notes that a pseudonym was sent as it is, so that the candidate may answer it. */
  noteSent(pseudonym: string): void
  /** Takes tokens and ids of the candidate's answer for those that were recorded at the same places. */
  learn(recorded: string, came: string): void
  /** Pseudonyms of what the candidate answers: of a learned value that which was recorded. */
  readonly pseudonym: Pseudonym
}

/** Starts with values of the database that the candidate works on, such as numbers, ids and passwords of tests. */
export function createKnownValues(pseudonym: Pseudonym, told: Iterable<string>): KnownValues {
  const real = new Map<string, string>()
  const recordedFor = new Map<string, string>()
  for (const value of told) real.set(pseudonym(value), value)
  const restore = (text: string): string | undefined => {
    const whole = real.get(text)
    if (whole !== undefined) return whole
    // A number keeps what stands before it.
    const [, prefix = '', national] = /^((?:[+ ]?86-?)?)(1\d{10})$/.exec(text) ?? []
    const number = national === undefined ? undefined : real.get(national)
    return number === undefined ? undefined : prefix + number
  }
  return {
    restore,
    noteSent: (text) => void recordedFor.set(pseudonym(text), text),
    learn(recorded, came) {
      const given = givenValues(came)
      for (const [place, leaf] of givenValues(recorded)) {
        const match = given.get(place)
        if (match === undefined || match.kind !== leaf.kind || restore(leaf.text) !== undefined) continue
        if (leaf.text.length < 4 || match.text === '') continue
        real.set(leaf.text, match.text)
        recordedFor.set(pseudonym(match.text), leaf.text)
      }
    },
    pseudonym: (value) => {
      const own = pseudonym(value)
      return recordedFor.get(own) ?? own
    },
  }
}

/** Tokens and ids of an answer, by their name and where they stand. */
export function givenValues(text: string): Map<string, JsonLeaf> {
  const tree = readJsonTree(splitAnswer(text).json)
  const found = new Map<string, JsonLeaf>()
  let place = 0
  if (tree !== undefined)
    forEachLeaf(tree, '', (leaf, name) => {
      const kind = valueKindOf(name, 'answer')
      if ((kind === 'token' || kind === 'id') && leaf.kind !== 'null') found.set(`${name} ${place}`, leaf)
      place++
    })
  return found
}
