import { unsignedNames } from '../../../wire/signature.js'
import { firstOfEach, type SentPair } from '../recipe.js'
import { inBoth, inLegacy, type Mistake, type Scheme } from './mistake.js'
import { orders } from './orders.js'
import { digests, secrets } from './secrets.js'
import { values } from './values.js'

const standing: readonly Mistake[] = [...values, ...orders, ...secrets, ...digests]

/** The mistakes that a signature can hold, the likelier ones first. */
export function possibleMistakes(sent: readonly SentPair[], scheme: Scheme): Mistake[] {
  const pairs = firstOfEach(sent).filter(({ name }) => name !== 'client_secret')
  const leftOut = pairs.map(({ name }) =>
    inBoth(`${name} is left out, or was added after signing; it is signed too`, (recipe) => ({
      pairs: recipe.pairs.filter((pair) => pair.name !== name),
    })),
  )
  const signed = pairs
    .filter(({ name }) => unsignedNames.has(name))
    .map((pair) =>
      inLegacy(`${pair.name} is signed; it is not to be`, ({ pairs }) => ({ pairs: [...pairs, pair] })),
    )
  return [...standing, ...leftOut, ...signed].filter((mistake) => (mistake.scheme ?? scheme) === scheme)
}
