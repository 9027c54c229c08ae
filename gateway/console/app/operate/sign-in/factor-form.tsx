import { startAuthentication } from '@simplewebauthn/browser'
import { Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../words.js'
import { CallError, post } from '../calls.js'
import { useAttempt } from '../attempt.js'
import { Failure } from '../failure.js'
import { words } from './words.js'

/** What proves a second factor: one of these. */
interface Proof {
  readonly code?: string
  readonly recovery?: string
  readonly passkey?: string
}

interface Props {
  /** What the user has set up. */
  readonly has: { readonly totp: boolean; readonly passkeys: boolean }
  readonly onProof: (proof: Proof) => Promise<void>
}

/** Asks for a second factor: a code, a passkey, or a recovery code in their place. */
export function FactorForm({ has, onProof }: Props) {
  const text = useTexts(words)
  const [code, setCode] = useState('')
  const [isLost, setLost] = useState(false)
  const byText = useAttempt(async () => {
    try {
      await onProof(isLost ? { recovery: code } : { code })
    } finally {
      setCode('')
    }
  })
  const byKey = useAttempt(async () => onProof({ passkey: await askPasskey(text.passkeyFailed) }))
  const failure = byText.failure ?? byKey.failure
  const isTyped = isLost || has.totp
  return (
    <form onSubmit={byText.submit}>
      <Stack>
        <Failure reason={failure} />
        {isTyped && (
          <TextInput
            key={isLost ? 'recovery' : 'code'}
            label={isLost ? text.recovery : text.code}
            required
            withAsterisk={false}
            data-autofocus
            autoComplete={isLost ? 'off' : 'one-time-code'}
            inputMode={isLost ? 'text' : 'numeric'}
            value={code}
            onChange={({ currentTarget }) => setCode(currentTarget.value)}
          />
        )}
        {isLost && <Text size="sm">{text.recoveryHint}</Text>}
        <Group>
          {isTyped && (
            <Button type="submit" loading={byText.isBusy}>
              {text.confirm}
            </Button>
          )}
          {has.passkeys && !isLost && (
            <Button variant={has.totp ? 'default' : 'filled'} loading={byKey.isBusy} onClick={byKey.run}>
              {text.usePasskey}
            </Button>
          )}
        </Group>
        <Anchor component="button" type="button" size="sm" onClick={() => setLost(!isLost)}>
          {isLost ? text.back : text.lost}
        </Anchor>
      </Stack>
    </form>
  )
}

/** Lets the browser ask for a passkey, and returns its answer as JSON. Throws CallError. */
async function askPasskey(whenRefused: string): Promise<string> {
  const { options } = (await post('/session/passkey', {})) as { options: string }
  try {
    const optionsJSON = JSON.parse(options) as Parameters<typeof startAuthentication>[0]['optionsJSON']
    return JSON.stringify(await startAuthentication({ optionsJSON }))
  } catch {
    throw new CallError('VALID_ERROR', whenRefused)
  }
}
