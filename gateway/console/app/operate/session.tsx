import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react'
import { CallError, callSession, type SessionState, signedOut } from './calls.js'

/** The session of the console, and what can be done with it. */
export interface ConsoleSession {
  /** Undefined until the server has said it. */
  readonly state: SessionState | undefined
  /** Why the server has not said it. */
  readonly failure: string | undefined
  /** Whether the role includes a method, `manage.console.users.list`: buttons are shown only for these. */
  readonly may: (method: string) => boolean
  /** Shows where a step of signing in has led. */
  readonly set: (state: SessionState) => void
  /** Asks the server again. */
  readonly reload: () => void
}

const nobody: ConsoleSession = {
  state: undefined,
  failure: undefined,
  may: () => false,
  set: () => undefined,
  reload: () => undefined,
}

const SessionContext = createContext<ConsoleSession>(nobody)

export function useSession(): ConsoleSession {
  return useContext(SessionContext)
}

/** Asks for the session once, and again where a call was told that there is none any more. */
export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [state, set] = useState<SessionState>()
  const [failure, setFailure] = useState<string>()
  const reload = useCallback(() => {
    setFailure(undefined)
    callSession('/session').then(set, (error: unknown) =>
      setFailure(error instanceof CallError ? error.message : String(error)),
    )
  }, [])
  useEffect(() => {
    reload()
    const onSignedOut = () => set({ stage: 'none' })
    window.addEventListener(signedOut, onSignedOut)
    return () => window.removeEventListener(signedOut, onSignedOut)
  }, [reload])
  const may = (method: string) => state?.methods?.includes(method) ?? false
  return <SessionContext value={{ state, failure, may, set, reload }}>{children}</SessionContext>
}
