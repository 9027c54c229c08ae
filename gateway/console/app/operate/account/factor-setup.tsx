import { startRegistration } from '@simplewebauthn/browser'
import { Alert, Button, Code, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { renderSVG } from 'uqr'
import { CopyButton } from '../../copy-button.js'
import { useTexts } from '../../words.js'
import { call, CallError, type Results } from '../calls.js'
import { useAttempt } from '../attempt.js'
import { Failure } from '../failure.js'
import { words } from './words.js'

interface Props {
  /** What is set up already; undefined: nothing. */
  readonly has: { readonly totp: boolean } | undefined
  /** Called when a factor is set up, and new recovery codes, if any, were seen. */
  readonly onDone: () => Promise<void>
}

type NewTotp = Results['manage.console.account.startTotp']
type Added = Results['manage.console.account.confirmTotp']

/** Sets up a second factor: an authenticator app or a passkey; shows the recovery codes that come with the first. */
export function FactorSetup({ has, onDone }: Props) {
  const text = useTexts(words)
  const [totp, setTotp] = useState<NewTotp>()
  const [codes, setCodes] = useState<readonly string[]>([])
  const [label, setLabel] = useState('')
  const taken = async ({ recovery_codes }: Added) => {
    setTotp(undefined)
    if (recovery_codes.length === 0) await onDone()
    else setCodes(recovery_codes)
  }
  const begin = useAttempt(async () => setTotp(await call('manage.console.account.startTotp')))
  const byKey = useAttempt(async () => taken(await addPasskey(label, text.passkeyFailed)))
  const finish = useAttempt(async () => {
    await onDone()
    setCodes([])
  })
  const failure = begin.failure ?? byKey.failure ?? finish.failure
  if (codes.length > 0)
    return (
      <Stack>
        <RecoveryCodes codes={codes} />
        <Button className="start" loading={finish.isBusy} onClick={finish.run}>
          {text.codesKept}
        </Button>
      </Stack>
    )
  return (
    <Stack>
      <Failure reason={failure} />
      {totp ? (
        <ConfirmTotp totp={totp} onTaken={taken} />
      ) : (
        <Button className="start" variant="default" loading={begin.isBusy} onClick={begin.run}>
          {has?.totp ? text.replaceTotp : text.addTotp}
        </Button>
      )}
      <Group align="end">
        <TextInput
          label={text.passkeyLabel}
          maxLength={60}
          value={label}
          onChange={({ currentTarget }) => setLabel(currentTarget.value)}
        />
        <Button variant="default" loading={byKey.isBusy} onClick={byKey.run}>
          {text.addPasskey}
        </Button>
      </Group>
    </Stack>
  )
}

interface ConfirmProps {
  readonly totp: NewTotp
  readonly onTaken: (added: Added) => Promise<void>
}

function ConfirmTotp({ totp: { secret, uri }, onTaken }: ConfirmProps) {
  const text = useTexts(words)
  const [code, setCode] = useState('')
  const { submit, isBusy, failure } = useAttempt(async () =>
    onTaken(await call('manage.console.account.confirmTotp', { code })),
  )
  const picture = `data:image/svg+xml,${encodeURIComponent(renderSVG(uri, { border: 2 }))}`
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{text.scan}</Text>
        <img className="qr" src={picture} alt={text.picture} />
        <Text size="sm">
          {text.orType} <Code className="name">{secret}</Code>
        </Text>
        <Failure reason={failure} />
        <TextInput
          label={text.firstCode}
          required
          withAsterisk={false}
          autoComplete="one-time-code"
          inputMode="numeric"
          value={code}
          onChange={({ currentTarget }) => setCode(currentTarget.value)}
        />
        <Button className="start" type="submit" loading={isBusy}>
          {text.confirm}
        </Button>
      </Stack>
    </form>
  )
}

/** Codes that are shown this once. */
export function RecoveryCodes({ codes }: { readonly codes: readonly string[] }) {
  const text = useTexts(words)
  return (
    <Alert color="yellow" title={text.codesTitle} role="status">
      <Stack gap="xs">
        <Text size="sm">{text.codesHint}</Text>
        <pre className="block">{codes.join('\n')}</pre>
        <CopyButton size="xs" autoFocus write={() => codes.join('\n')} />
      </Stack>
    </Alert>
  )
}

/** Lets the browser make a passkey and adds it. Throws CallError. */
async function addPasskey(label: string, whenRefused: string): Promise<Added> {
  const { options } = await call('manage.console.account.startPasskey')
  let response: string
  try {
    const optionsJSON = JSON.parse(options) as Parameters<typeof startRegistration>[0]['optionsJSON']
    response = JSON.stringify(await startRegistration({ optionsJSON }))
  } catch {
    throw new CallError('VALID_ERROR', whenRefused)
  }
  return call('manage.console.account.addPasskey', { response, label })
}
