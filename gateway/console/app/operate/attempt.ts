import { type FormEvent, useEffect, useRef, useState } from 'react'
import { reasonOf } from './calls.js'

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
  const begunAt = useRef<Element | null>(null)
  useEffect(() => {
    if (!isBusy) returnFocus(begunAt.current)
  }, [isBusy])
  const run = () => {
    begunAt.current = document.activeElement
    setBusy(true)
    setFailure(undefined)
    work()
      .catch((error: unknown) => setFailure(reasonOf(error)))
      .finally(() => setBusy(false))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isBusy) run()
  }
  return { isBusy, failure, submit, run }
}

/**
 * A button that is busy loses the focus, and gets it back unless it has gone elsewhere meanwhile: not to the dialog that
 * asked for a proof, which is over.
 */
function returnFocus(element: Element | null): void {
  const { activeElement, body } = document
  const isLost = activeElement === body || activeElement?.closest('[role="dialog"]') != null
  if (isLost && element instanceof HTMLElement) element.focus()
}
