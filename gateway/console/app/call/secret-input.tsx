import { PasswordInput } from '@mantine/core'
import { useEffect, useRef } from 'react'

interface Props {
  readonly label: string
  readonly description?: string
  readonly value: string
  readonly onValue: (value: string) => void
}

/** A field for a secret. React is not told what it holds, or would write that into the markup. */
export function SecretInput({ value, onValue, ...field }: Props) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (input.current && input.current.value.trim() !== value) input.current.value = value
  }, [value])
  return (
    <PasswordInput
      {...field}
      ref={input}
      autoComplete="off"
      onChange={({ currentTarget }) => onValue(currentTarget.value.trim())}
    />
  )
}
