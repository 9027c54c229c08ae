import { compareTexts, type Recipe } from '../recipe.js'
import { inBoth, type Mistake, plain } from './mistake.js'

const sorted = (name: string, order: Recipe['order']) =>
  inBoth(`${name}; they are sorted by name, in the order of UTF-16 code units`, () => ({ order }))

/** Mistakes in the order of the parameters, and in what stands between them. */
export const orders: readonly Mistake[] = [
  sorted('parameters are sorted without regard to case', ({ name: left }, { name: right }) =>
    compareTexts(left.toLowerCase(), right.toLowerCase()),
  ),
  sorted('parameters are sorted by whole pairs', (left, right) => compareTexts(plain(left), plain(right))),
  sorted("parameters are sorted by a language's rules", (left, right) => left.name.localeCompare(right.name)),
  sorted('parameters are sorted by code points, as the bytes of UTF-8 are', (left, right) =>
    compareBytes(new TextEncoder().encode(left.name), new TextEncoder().encode(right.name)),
  ),
  sorted('names of digits are sorted as numbers', ({ name: left }, { name: right }) =>
    /^\d+$/.test(left) && /^\d+$/.test(right) ? Number(left) - Number(right) : compareTexts(left, right),
  ),
  sorted('parameters are signed in the order sent', () => 0),
  inBoth('parameters are joined without &', () => ({ joint: '' })),
]

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const at = left.findIndex((byte, at) => byte !== right[at])
  return at < 0 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? 0)
}
