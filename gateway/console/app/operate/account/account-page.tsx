import { Alert, Button, Group, Loader, Stack, Text, Title } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { useTexts } from '../../words.js'
import { CallError, callManage, callSession } from '../calls.js'
import { useSession } from '../session.js'
import { useAttempt } from '../sign-in/attempt.js'
import { FactorSetup, RecoveryCodes } from './factor-setup.js'
import type { OwnAccount } from './own-account.js'
import { OwnSessions } from './own-sessions.js'
import { words } from './words.js'

/** The administrator's own second factors and sessions. */
export default function AccountPage() {
  const text = useTexts(words)
  const { state, set, reload: reloadSession } = useSession()
  const [own, setOwn] = useState<OwnAccount>()
  const [failure, setFailure] = useState<string>()
  const reload = useCallback(async () => {
    try {
      setOwn((await callManage('/manage/console/account/get')) as OwnAccount)
      setFailure(undefined)
    } catch (error) {
      setFailure(error instanceof CallError ? error.message : String(error))
    }
  }, [])
  useEffect(() => void reload(), [reload])
  const leave = useAttempt(async () => set(await callSession('/session/end')))
  const changed = async () => {
    reloadSession()
    await reload()
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
      {failure !== undefined && (
        <Alert color="red" role="alert" title={text.failed}>
          {failure}
        </Alert>
      )}
      {own ? (
        <>
          <Factors own={own} onChange={changed} />
          <OwnSessions sessions={own.sessions} onChange={reload} />
        </>
      ) : (
        failure === undefined && <Loader role="status" aria-label={text.loading} />
      )}
    </Stack>
  )
}

interface FactorsProps {
  readonly own: OwnAccount
  readonly onChange: () => Promise<void>
}

function Factors({ own: { totp, passkeys, recovery_codes }, onChange }: FactorsProps) {
  const text = useTexts(words)
  const [codes, setCodes] = useState<readonly string[]>([])
  const renew = useAttempt(async () => {
    const made = (await callManage('/manage/console/account/renewRecoveryCodes')) as {
      recovery_codes: readonly string[]
    }
    setCodes(made.recovery_codes)
    await onChange()
  })
  const hasFactor = totp || passkeys.length > 0
  return (
    <Stack component="section" gap="sm">
      <Title order={3} size="h4">
        {text.factors}
      </Title>
      {!hasFactor && <Alert color="yellow">{text.noFactor}</Alert>}
      {totp && <Factor name={text.totp} method="removeTotp" params={{}} onChange={onChange} />}
      {passkeys.map(({ passkey_id, label }) => (
        <Factor
          key={passkey_id}
          name={`${text.passkey} · ${label || text.unnamed}`}
          method="removePasskey"
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
      {renew.failure !== undefined && (
        <Alert color="red" role="alert">
          {renew.failure}
        </Alert>
      )}
      {codes.length > 0 && (
        <>
          <RecoveryCodes codes={codes} />
          <Button className="start" onClick={() => setCodes([])}>
            {text.codesKept}
          </Button>
        </>
      )}
      <FactorSetup has={{ totp }} onDone={onChange} />
    </Stack>
  )
}

interface FactorProps {
  readonly name: string
  readonly method: 'removeTotp' | 'removePasskey'
  readonly params: object
  readonly onChange: () => Promise<void>
}

function Factor({ name, method, params, onChange }: FactorProps) {
  const text = useTexts(words)
  const { run, isBusy, failure } = useAttempt(async () => {
    await callManage(`/manage/console/account/${method}`, params)
    await onChange()
  })
  return (
    <Group>
      <Text className="name">{name}</Text>
      <Button
        variant="default"
        size="xs"
        loading={isBusy}
        onClick={run}
        aria-label={`${text.remove}: ${name}`}
      >
        {text.remove}
      </Button>
      {failure !== undefined && (
        <Text c="var(--mantine-color-error)" role="alert">
          {failure}
        </Text>
      )}
    </Group>
  )
}
