import { useCallback, useEffect, useRef, useState } from 'react'
import { CallError } from '../calls.js'

/** How long a page waits before it says that the server is slow, in milliseconds. */
const patience = 3000

/** What is being read, has been read, or could not be. */
export type Load<Data> =
  | { readonly kind: 'loading'; readonly isSlow: boolean }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'read'; readonly data: Data }

/**
 * Reads something once for each `key`; `again` reads it anew, and shows the former until it has come. What a former key
 * is answered late is dropped.
 */
export function useLoad<Data>(
  key: string,
  read: () => Promise<Data>,
): { readonly load: Load<Data>; readonly again: () => void } {
  const [load, setLoad] = useState<Load<Data>>({ kind: 'loading', isSlow: false })
  const [turn, setTurn] = useState(0)
  const latest = useRef(read)
  latest.current = read
  useEffect(() => {
    setLoad({ kind: 'loading', isSlow: false })
  }, [key])
  useEffect(() => {
    let isWanted = true
    const showSlow = (load: Load<Data>): Load<Data> =>
      load.kind === 'loading' ? { kind: 'loading', isSlow: true } : load
    const slow = setTimeout(() => isWanted && setLoad(showSlow), patience)
    const show = (next: Load<Data>) => {
      clearTimeout(slow)
      if (isWanted) setLoad(next)
    }
    latest.current().then(
      (data) => show({ kind: 'read', data }),
      (error: unknown) => show({ kind: 'failed', reason: reasonOf(error) }),
    )
    return () => {
      isWanted = false
      clearTimeout(slow)
    }
  }, [key, turn])
  const again = useCallback(() => {
    setLoad((load) => (load.kind === 'failed' ? { kind: 'loading', isSlow: false } : load))
    setTurn((turn) => turn + 1)
  }, [])
  return { load, again }
}

function reasonOf(error: unknown): string {
  if (error instanceof CallError) return `${error.message} (${error.error})`
  return error instanceof Error ? error.message : String(error)
}
