import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../words.js'
import { Loaded } from '../../reading/loaded.js'
import { useLoad } from '../../reading/use-load.js'
import { Act } from '../act.js'
import { call, callSession, type MethodName, type Results } from '../calls.js'
import { useSession } from '../session.js'
import { useAttempt } from '../attempt.js'
import { FactorSetup, RecoveryCodes } from './factor-setup.js'
import { OwnSessions } from './own-sessions.js'
import { focusContent } from '../../focus-content.js'
import { Section } from '../section.js'
import { Failure } from '../failure.js'
import { words } from './words.js'

/** The administrator's own second factors and sessions. */
export default function AccountPage() {
  const text = useTexts(words)
  const { state, set, reload: reloadSession } = useSession()
  const { load, again } = useLoad('account', () => call('manage.console.account.get'))
  const leave = useAttempt(async () => set(await callSession('/session/end')))
  const changed = () => {
    reloadSession()
    again()
  }
  return (
    <Stack>
      <Group>
        <Title order={2} size="h3">
          {text.title}
        </Title>
        <Text className="name">
          {state?.user?.user_account} · {state?.user?.user_role_name}
        </Text>
        <Button variant="default" size="xs" loading={leave.isBusy} onClick={leave.run}>
          {text.signOut}
        </Button>
      </Group>
      <Failure reason={leave.failure} />
      <Loaded load={load} again={again} failed={text.failed}>
        {(own) => (
          <>
            <Factors own={own} onChange={changed} />
            <OwnSessions sessions={own.sessions} onChange={again} />
          </>
        )}
      </Loaded>
    </Stack>
  )
}

interface FactorsProps {
  readonly own: Results['manage.console.account.get']
  readonly onChange: () => void
}

function Factors({ own: { totp, passkeys, recovery_codes }, onChange }: FactorsProps) {
  const text = useTexts(words)
  const [codes, setCodes] = useState<readonly string[]>([])
  const renew = useAttempt(async () => {
    const made = await call('manage.console.account.renewRecoveryCodes')
    setCodes(made.recovery_codes)
    onChange()
  })
  const keep = () => {
    setCodes([])
    focusContent()
  }
  const hasFactor = totp || passkeys.length > 0
  return (
    <Section title={text.factors}>
      {!hasFactor && <Alert color="yellow">{text.noFactor}</Alert>}
      {totp && (
        <Factor name={text.totp} method="manage.console.account.removeTotp" params={{}} onChange={onChange} />
      )}
      {passkeys.map(({ passkey_id, label }) => (
        <Factor
          key={passkey_id}
          name={`${text.passkey} · ${label || text.unnamed}`}
          method="manage.console.account.removePasskey"
          params={{ passkey_id }}
          onChange={onChange}
        />
      ))}
      {hasFactor && (
        <Group>
          <Text>
            {text.recoveryCodes}: {recovery_codes}
          </Text>
          <Button variant="default" size="xs" loading={renew.isBusy} onClick={renew.run}>
            {text.renewCodes}
          </Button>
        </Group>
      )}
      <Failure reason={renew.failure} />
      {codes.length > 0 && (
        <>
          <RecoveryCodes codes={codes} />
          <Button className="start" onClick={keep}>
            {text.codesKept}
          </Button>
        </>
      )}
      <FactorSetup has={{ totp }} onDone={async () => onChange()} />
    </Section>
  )
}

interface FactorProps {
  readonly name: string
  readonly method: MethodName
  readonly params: object
  readonly onChange: () => void
}

function Factor({ name, method, params, onChange }: FactorProps) {
  const text = useTexts(words)
  return (
    <Group>
      <Text className="name">{name}</Text>
      <Act label={text.remove} of={name} method={method} params={params} onDone={onChange} />
    </Group>
  )
}
