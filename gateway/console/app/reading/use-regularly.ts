import { useCallback, useEffect, useRef, useState } from 'react'
import { reasonOf } from '../operate/calls.js'

/** What is read again and again while the page is looked at. */
export interface Regular<Data> {
  readonly data: Data | undefined
  /** Why the last reading failed; what was read before stays. */
  readonly failure: string | undefined
  readonly again: () => void
}

/** Reads now and every so many milliseconds; `isBackground` says that nobody has asked. A window that is not seen rests. */
export function useRegularly<Data>(
  read: (isBackground: boolean) => Promise<Data>,
  milliseconds: number,
): Regular<Data> {
  const [data, setData] = useState<Data>()
  const [failure, setFailure] = useState<string>()
  const turn = useRef(0)
  const isBusy = useRef(false)
  const attempt = useCallback(
    async (isBackground: boolean) => {
      // A server that answers more slowly than it is asked would never be heard.
      if (isBackground && isBusy.current) return
      const own = ++turn.current
      isBusy.current = true
      try {
        const next = await read(isBackground)
        if (own !== turn.current) return
        setData(next)
        setFailure(undefined)
      } catch (error) {
        if (own === turn.current) setFailure(reasonOf(error))
      } finally {
        if (own === turn.current) isBusy.current = false
      }
    },
    [read],
  )
  useEffect(() => {
    setData(undefined)
    setFailure(undefined)
    void attempt(false)
    const timer = setInterval(() => document.hidden || void attempt(true), milliseconds)
    return () => {
      // What is under way is of nobody any more.
      turn.current++
      isBusy.current = false
      clearInterval(timer)
    }
  }, [attempt, milliseconds])
  return { data, failure, again: () => void attempt(false) }
}
