import { Button, Modal, PasswordInput, Stack, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTexts } from '../../words.js'
import { post, proofNeeded, type ProofRequest } from '../calls.js'
import { useSession } from '../session.js'
import { useAttempt } from '../attempt.js'
import { FactorForm } from './factor-form.js'
import { Failure } from '../failure.js'
import { words } from './words.js'

/** Asks for a proof where a call needs one, and lets the call go on. */
export function Proof() {
  const [requests, setRequests] = useState<readonly ProofRequest[]>([])
  const text = useTexts(words)
  useEffect(() => {
    const onNeeded = (event: Event) => {
      const { detail } = event as CustomEvent<ProofRequest>
      setRequests((others) => [...others, detail])
    }
    window.addEventListener(proofNeeded, onNeeded)
    return () => window.removeEventListener(proofNeeded, onNeeded)
  }, [])
  const end = (how: 'proved' | 'givenUp') => {
    for (const request of requests) request[how]()
    setRequests([])
  }
  return (
    <Modal
      opened={requests.length > 0}
      onClose={() => end('givenUp')}
      title={text.proofTitle}
      withCloseButton={false}
      // It would write a style element, which the policy of the page does not allow.
      lockScroll={false}
    >
      <ProofForm onProved={() => end('proved')} onCancel={() => end('givenUp')} />
    </Modal>
  )
}

interface FormProps {
  readonly onProved: () => void
  readonly onCancel: () => void
}

function ProofForm({ onProved, onCancel }: FormProps) {
  const text = useTexts(words)
  const { state } = useSession()
  const has = state?.factors
  const prove = async (proof: object) => {
    await post('/proof', proof)
    onProved()
  }
  return (
    <Stack>
      <Text size="sm">{text.proofHint}</Text>
      {has && (has.totp || has.passkeys) ? (
        <FactorForm has={has} onProof={prove} />
      ) : (
        <PasswordForm onPassword={(password) => prove({ password })} />
      )}
      <Button variant="default" onClick={onCancel}>
        {text.cancel}
      </Button>
    </Stack>
  )
}

function PasswordForm({ onPassword }: { readonly onPassword: (password: string) => Promise<void> }) {
  const text = useTexts(words)
  const [password, setPassword] = useState('')
  const { submit, isBusy, failure } = useAttempt(() => onPassword(password))
  return (
    <form onSubmit={submit}>
      <Stack>
        <Failure reason={failure} />
        <PasswordInput
          label={text.password}
          required
          withAsterisk={false}
          data-autofocus
          autoComplete="current-password"
          value={password}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        />
        <Button type="submit" loading={isBusy}>
          {text.confirm}
        </Button>
      </Stack>
    </form>
  )
}
