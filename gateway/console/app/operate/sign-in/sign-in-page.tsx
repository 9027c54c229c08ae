import { Anchor, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../words.js'
import { FactorSetup } from '../account/factor-setup.js'
import { callSession, type SessionState } from '../calls.js'
import { useSession } from '../session.js'
import { useAttempt } from '../attempt.js'
import { FactorForm } from './factor-form.js'
import { Failure } from '../failure.js'
import { words } from './words.js'

/** Signing in, step by step, as far as the server says it is. */
export function SignInPage({ state }: { readonly state: SessionState }) {
  return (
    <main className="page wide">
      <Paper className="sign-in" withBorder p="lg">
        {state.stage === 'none' ? <PasswordStep /> : <SecondStep state={state} />}
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
        <Failure reason={failure} />
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

function SecondStep({ state: { stage, user, factors } }: { readonly state: SessionState }) {
  const text = useTexts(words)
  const { set } = useSession()
  const again = useAttempt(async () => set(await callSession('/session/end')))
  return (
    <Stack>
      <Title order={2} size="h3">
        {stage === 'factor' ? text.factorTitle : text.ticketTitle}
      </Title>
      <Text className="name">{user?.user_account}</Text>
      {stage === 'factor' && factors && (
        <FactorForm
          has={factors}
          onProof={async (proof) => set(await callSession('/session/factor', proof))}
        />
      )}
      {stage === 'ticket' && <TicketStep />}
      {stage === 'enrol' && (
        <FactorSetup onDone={async () => set(await callSession('/session/finish'))} has={undefined} />
      )}
      <Anchor component="button" type="button" size="sm" onClick={again.run}>
        {text.startAgain}
      </Anchor>
    </Stack>
  )
}

function TicketStep() {
  const text = useTexts(words)
  const { set } = useSession()
  const [ticket, setTicket] = useState('')
  const { submit, isBusy, failure } = useAttempt(async () =>
    set(await callSession('/session/ticket', { ticket })),
  )
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{text.ticketHint}</Text>
        <Failure reason={failure} />
        <TextInput
          label={text.ticket}
          required
          withAsterisk={false}
          autoComplete="off"
          value={ticket}
          onChange={({ currentTarget }) => setTicket(currentTarget.value)}
        />
        <Button type="submit" loading={isBusy}>
          {text.confirm}
        </Button>
      </Stack>
    </form>
  )
}
