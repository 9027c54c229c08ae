import { Button } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { useWords } from './words.js'

interface Props {
  /** What is copied, written at that moment. */
  readonly write: () => string
  readonly size?: 'xs'
  /** For what has just come up and is to be kept. */
  readonly autoFocus?: boolean
}

/** Copies a text, and says so for two seconds. */
export function CopyButton({ write, ...button }: Props) {
  const text = useWords()
  const { copied, copy, error } = useClipboard()
  return (
    <Button variant="default" className="start" {...button} onClick={() => copy(write())}>
      {error ? text.notCopied : copied ? text.copied : text.copy}
    </Button>
  )
}
