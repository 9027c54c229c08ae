import type { ClientApp } from '../../../services/apps/apps.js'
import type { Recipe, SentPair } from '../recipe.js'

export type Scheme = ClientApp['scheme']

/** A mistake of clients; the name says what is wrong and, after the semicolon, what is right. */
export interface Mistake {
  readonly name: string
  /** Given if only one scheme has the mistake. */
  readonly scheme?: Scheme
  readonly change: (recipe: Recipe, sent: readonly SentPair[]) => Recipe
}

/** What a mistake changes of the right recipe. */
export type Change = (recipe: Recipe, sent: readonly SentPair[]) => Partial<Recipe>

/** A mistake of either scheme. */
export function inBoth(name: string, change: Change): Mistake {
  return { name, change: (recipe, sent) => ({ ...recipe, ...change(recipe, sent) }) }
}

/** One that only the old scheme has. */
export function inLegacy(name: string, change: Change): Mistake {
  return { ...inBoth(name, change), scheme: 'legacy' }
}

/** One that only the new scheme has. */
export function inHmac(name: string, change: Change): Mistake {
  return { ...inBoth(name, change), scheme: 'hmac-sha256' }
}

/** A pair as it is, which no encoding and no trimming touches. */
export const plain: Recipe['write'] = ({ name, value }) => `${name}=${value}`
