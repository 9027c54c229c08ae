import type { HeaderList } from './dialect.js'

/** Answers are a user's own and must not be kept by caches in between. */
const privateHeaders: HeaderList = ['Cache-Control', 'no-store', 'X-Content-Type-Options', 'nosniff']

/** Headers of every envelope. */
export const jsonHeaders: HeaderList = ['Content-Type', 'application/json;charset=UTF-8', ...privateHeaders]

/** The header that tells developers what is wrong with a parameter or a result. */
export function detailHeader(detail: string): HeaderList {
  return ['X-Error-Detail', detail.replace(/[^\x20-\x7e]/g, '?')]
}

/** Headers of an envelope that a page loads as a script. */
export const scriptHeaders: HeaderList = ['Content-Type', 'application/javascript', ...privateHeaders]
