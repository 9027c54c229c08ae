import { type Dispatch, type SetStateAction, useEffect } from 'react'
import type { Caller, Scheme } from './signed-call.js'

interface DemoApplication {
  readonly name: string
  readonly scheme: Scheme
  readonly secret: string
}

/** Fills in an application of a development server, which tells its own machine of one; other servers tell of none. */
export function useDemoCaller(setCaller: Dispatch<SetStateAction<Caller>>): void {
  useEffect(() => {
    const fill = async () => {
      const response = await fetch('console/applications.json')
      if (!response.ok) return
      const [first] = (await response.json()) as DemoApplication[]
      if (!first) return
      const { name, scheme, secret } = first
      setCaller((caller) => (caller.app === '' ? { ...caller, app: name, scheme, secret } : caller))
    }
    // Whoever signs in without it types a name and a secret.
    fill().catch(() => undefined)
  }, [setCaller])
}
