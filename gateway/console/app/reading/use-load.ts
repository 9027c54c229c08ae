import { useCallback, useEffect, useRef, useState } from 'react'
import { reasonOf } from '../operate/calls.js'

/** What is being read, has been read, or could not be. */
export type Load<Data> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly reason: string }
  | {
      readonly kind: 'read'
      readonly data: Data
      /** Why it could not be read anew; undefined for data that is as new as was asked for. */
      readonly failure: string | undefined
    }

/**
 * Reads something once for each `key`; `again` reads it anew, and shows the former until it has come, or for good where
 * it does not: what is shown once, as a secret, stands among it. What a former key is answered late is dropped.
 */
export function useLoad<Data>(
  key: string,
  read: () => Promise<Data>,
): { readonly load: Load<Data>; readonly again: () => void } {
  const [load, setLoad] = useState<Load<Data>>({ kind: 'loading' })
  const [turn, setTurn] = useState(0)
  const latest = useRef(read)
  latest.current = read
  useEffect(() => {
    setLoad({ kind: 'loading' })
  }, [key])
  useEffect(() => {
    let isWanted = true
    latest.current().then(
      (data) => isWanted && setLoad({ kind: 'read', data, failure: undefined }),
      (error: unknown) => isWanted && setLoad((before) => failed(before, reasonOf(error))),
    )
    return () => {
      isWanted = false
    }
  }, [key, turn])
  const again = useCallback(() => {
    setLoad((before) => (before.kind === 'failed' ? { kind: 'loading' } : before))
    setTurn((turn) => turn + 1)
  }, [])
  return { load, again }
}

function failed<Data>(before: Load<Data>, reason: string): Load<Data> {
  return before.kind === 'read' ? { ...before, failure: reason } : { kind: 'failed', reason }
}
