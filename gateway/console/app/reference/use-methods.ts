import { useCallback, useEffect, useState } from 'react'
import { type Method, readMethods } from './description.js'

/** How long a page waits before it says that the server is slow, in milliseconds. */
const patience = 3000

type State =
  | { readonly kind: 'loading'; readonly isSlow: boolean }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'read'; readonly methods: readonly Method[] }

/** The gateway's methods, read once; `again` reads them anew. */
export function useMethods(): { readonly state: State; readonly again: () => void } {
  const [state, setState] = useState<State>({ kind: 'loading', isSlow: false })
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let isWanted = true
    const slow = setTimeout(() => isWanted && setState({ kind: 'loading', isSlow: true }), patience)
    const read = async () => {
      const next = await readState()
      clearTimeout(slow)
      if (isWanted) setState(next)
    }
    void read()
    return () => {
      isWanted = false
      clearTimeout(slow)
    }
  }, [turn])
  const again = useCallback(() => {
    setState({ kind: 'loading', isSlow: false })
    setTurn((turn) => turn + 1)
  }, [])
  return { state, again }
}

async function readState(): Promise<State> {
  try {
    const response = await fetch('openapi.json')
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return { kind: 'read', methods: readMethods(await response.json()) }
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) }
  }
}
