import { randomInt } from 'node:crypto'
import { type Drill, judge, skip } from '../finding.js'
import type { Target } from '../target.js'

const sent = 200
const exhausted = 405
/** No more codes than an address may ask for in an hour, and more guesses than it may make. */
const numbers = 12
const guessesEach = 4

/** A few guesses at each of many numbers find a code of four digits soon, unless the caller's network is counted too. */
export const spray: Drill = {
  name: 'spray',
  description: 'a few wrong codes for each of many numbers, all from one address',
  async attack(target) {
    const promise = 'wrong codes of one address are compared so often only, whatever the numbers'
    if (!target.texts) return [skip(promise, '--texts')]
    let compared = 0
    for (let at = 0; at < numbers; at++) {
      const { mobile, code } = await sendAnywhere(target)
      if (code !== sent) return [skip(promise, `codes are not sent (${code}): try again in an hour`)]
      for (let guess = 1; guess <= guessesEach; guess++) {
        // Codes begin with no zero.
        const answer = await target.call({ method: 'web.passport.checkcode', mobile, code: `000${guess}` })
        if (answer.code !== exhausted) compared += 1
      }
    }
    const all = numbers * guessesEach
    return [judge(promise, compared < all, `${compared} of ${all} compared`)]
  },
}

/** Sends a code to some number, and tells what came of it: one that was sent to a minute ago is left for another. */
async function sendAnywhere(target: Target): Promise<{ readonly mobile: string; readonly code: number }> {
  for (let triesLeft = 2; ; triesLeft--) {
    const mobile = `1390000${randomInt(1000, 10_000)}`
    const { code } = await target.call({ method: 'web.passport.sendcode', mobile })
    if (code === sent || triesLeft === 0) return { mobile, code }
  }
}
