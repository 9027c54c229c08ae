import type { RecordedAnswer } from '../traffic/recorded-call.js'
import { compareAnswers } from './compare-answers.js'
import { timeBetween } from './compare-dates.js'
import type { Difference } from './difference.js'

/** What two servers that are asked at once may take for now, in milliseconds from each other. */
const sameNow = 2000

/**
 * What differs between the answers of two servers that were asked the same, the other one at most so many milliseconds
 * later, also when it wrote what it answers now. Each writes its own now: dates no farther from each other are the same.
 */
export function compareLiveAnswers(old: RecordedAnswer, other: RecordedAnswer, later = 0): Difference[] {
  return compareAnswers(old, other).filter((difference) => !isNowOfBoth(difference, later))
}

function isNowOfBoth({ kind, recorded, came }: Difference, later: number): boolean {
  if (kind !== 'value') return false
  const between = timeBetween(plain(recorded), plain(came))
  return between !== undefined && between <= sameNow + later
}

/** A JSON string without its quotation marks and the one escape that a date may hold. */
function plain(raw: string): string {
  return raw.replaceAll('\\/', '/').replace(/^"(.*)"$/, '$1')
}
