import { Alert, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../words.js'
import { callSession, type SessionState } from '../calls.js'
import { useSession } from '../session.js'
import { useAttempt } from './attempt.js'
import { words } from './words.js'

/** Signing in, step by step, as far as the server says it is. */
export function SignInPage({ state }: { readonly state: SessionState }) {
  const text = useTexts(words)
  return (
    <main className="page">
      <Paper className="sign-in" withBorder p="lg">
        {state.stage === 'none' ? <PasswordStep /> : <Title order={2}>{text.factorTitle}</Title>}
      </Paper>
    </main>
  )
}

function PasswordStep() {
  const text = useTexts(words)
  const session = useSession()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const { submit, isBusy, failure } = useAttempt(async () => {
    try {
      session.set(await callSession('/session/password', { name, password }))
    } finally {
      setPassword('')
    }
  })
  return (
    <form onSubmit={submit}>
      <Stack>
        <Title order={2} size="h3">
          {text.title}
        </Title>
        <Text c="dimmed" size="sm">
          {text.hint}
        </Text>
        {failure !== undefined && (
          <Alert color="red" role="alert">
            {failure}
          </Alert>
        )}
        <TextInput
          label={text.name}
          required
          withAsterisk={false}
          autoComplete="username"
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <PasswordInput
          label={text.password}
          required
          withAsterisk={false}
          autoComplete="current-password"
          value={password}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        />
        <Button type="submit" loading={isBusy}>
          {text.next}
        </Button>
      </Stack>
    </form>
  )
}
