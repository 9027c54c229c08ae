import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../words.js'
import { callManage } from '../calls.js'
import { useSession } from '../session.js'
import { useAttempt } from '../sign-in/attempt.js'
import { words } from './words.js'

interface Props {
  readonly label: string
  /** The method that it calls, `manage.account.user.edit`: without it in the role there is no button. */
  readonly method: string
  readonly params: object
  /** What it brings about, where it is to be confirmed. */
  readonly sure?: string
  /** For a list of buttons of one name. */
  readonly of?: string
  readonly color?: string
  readonly isDisabled?: boolean
  /** Told what the server has answered. */
  readonly onDone: (label: string, data: unknown) => void
}

/** A button that does something to a user: it asks first where `sure` is given, and tells why it failed. */
export function Act({ label, method, params, sure, of, color, isDisabled = false, onDone }: Props) {
  const text = useTexts(words)
  const { may } = useSession()
  const [isAsking, setAsking] = useState(false)
  const { run, isBusy, failure } = useAttempt(async () => {
    setAsking(false)
    onDone(label, await callManage(`/${method.replaceAll('.', '/')}`, params))
  })
  if (!may(method)) return null
  const name = of === undefined ? label : `${label}: ${of}`
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        size="xs"
        variant="default"
        {...(color !== undefined && { c: color })}
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
            <Button size="xs" onClick={run}>
              {text.yes}
            </Button>
            <Button size="xs" variant="default" onClick={() => setAsking(false)}>
              {text.no}
            </Button>
          </Group>
        </Alert>
      )}
      {failure !== undefined && (
        <Alert color="red" role="alert">
          {failure}
        </Alert>
      )}
    </Stack>
  )
}
