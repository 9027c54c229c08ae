import { type FormEvent, useState } from 'react'
import { CallError } from '../calls.js'

/** Work that a form or a button starts: whether it is under way, and why it failed last. */
export interface Attempt {
  readonly isBusy: boolean
  readonly failure: string | undefined
  /** For `onSubmit`. */
  readonly submit: (event: FormEvent) => void
  /** For `onClick`. */
  readonly run: () => void
}

export function useAttempt(work: () => Promise<void>): Attempt {
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string>()
  const run = () => {
    setBusy(true)
    setFailure(undefined)
    work()
      .catch((error: unknown) => setFailure(error instanceof CallError ? error.message : String(error)))
      .finally(() => setBusy(false))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isBusy) run()
  }
  return { isBusy, failure, submit, run }
}
