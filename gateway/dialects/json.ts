/** Headers of every envelope. Answers are a user's own and must not be kept by caches in between. */
export const jsonHeaders: Readonly<Record<string, string>> = {
  'Content-Type': 'application/json;charset=UTF-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
}
