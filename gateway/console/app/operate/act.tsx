import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTexts } from '../words.js'
import { useAttempt } from './attempt.js'
import { call, type MethodName, type Results } from './calls.js'
import { Failure } from './failure.js'
import { useSession } from './session.js'
import { words } from './words.js'

interface Props<Name extends MethodName> {
  readonly label: string
  /** The method that it calls: without it in the role there is no button. */
  readonly method: Name
  readonly params: object
  /** What it brings about, where it is to be confirmed. */
  readonly sure?: string
  /** For a list of buttons of one name. */
  readonly of?: string
  readonly isDisabled?: boolean
  /** Told what the server has answered. */
  readonly onDone: (label: string, data: Results[Name]) => void
}

/** A button that does something: it asks first where `sure` is given, and tells why it failed. */
export function Act<Name extends MethodName>(props: Props<Name>) {
  const { label, method, params, sure, of, isDisabled = false, onDone } = props
  const text = useTexts(words)
  const { may } = useSession()
  const [isAsking, setAsking] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const { run, isBusy, failure } = useAttempt(async () => onDone(label, await call(method, params)))
  const close = () => {
    button.current?.focus()
    setAsking(false)
  }
  const confirm = () => {
    close()
    run()
  }
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === 'Escape' && isAsking) close()
  }
  if (!may(method)) return null
  const name = of === undefined ? label : `${label}: ${of}`
  return (
    <Stack gap="xs" align="flex-start" onKeyDown={onKeyDown}>
      <Button
        ref={button}
        size="xs"
        variant="default"
        aria-label={name}
        aria-expanded={sure === undefined ? undefined : isAsking}
        disabled={isDisabled}
        loading={isBusy}
        onClick={sure === undefined ? run : () => setAsking(!isAsking)}
      >
        {label}
      </Button>
      {isAsking && (
        <Alert color="yellow" role="alert" title={`${name}?`}>
          <Text size="sm">{sure}</Text>
          <Group mt="xs" gap="xs">
            <Button size="xs" onClick={confirm}>
              {text.yes}
            </Button>
            <Button size="xs" variant="default" onClick={close}>
              {text.no}
            </Button>
          </Group>
        </Alert>
      )}
      <Failure reason={failure} />
    </Stack>
  )
}
