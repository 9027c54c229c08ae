import { Alert, Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTexts } from '../../words.js'
import { post, proofNeeded, type ProofRequest } from '../calls.js'
import { useAttempt } from './attempt.js'
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
    <Modal opened={requests.length > 0} onClose={() => end('givenUp')} title={text.proofTitle}>
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
  const [password, setPassword] = useState('')
  const { submit, isBusy, failure } = useAttempt(async () => {
    await post('/proof', { password })
    onProved()
  })
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{text.proofHint}</Text>
        {failure !== undefined && (
          <Alert color="red" role="alert">
            {failure}
          </Alert>
        )}
        <PasswordInput
          label={text.password}
          required
          data-autofocus
          autoComplete="current-password"
          value={password}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {text.cancel}
          </Button>
          <Button type="submit" loading={isBusy}>
            {text.confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
