import { Fieldset, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { SecretInput } from './secret-input.js'
import type { Caller, Scheme } from './signed-call.js'
import { useWords } from '../words.js'

interface Props {
  readonly caller: Caller
  readonly onCaller: (caller: Caller) => void
  /** The doctor asks for no session. */
  readonly withToken: boolean
}

const schemes: readonly Scheme[] = ['legacy', 'hmac-sha256']

/** The application that signs, its secret, and the session. */
export function CallerFields({ caller, onCaller, withToken }: Props) {
  const text = useWords()
  const change = (changed: Partial<Caller>) => onCaller({ ...caller, ...changed })
  return (
    <Fieldset legend={text.caller}>
      <Stack gap="sm">
        <div className="two">
          <TextInput
            label={text.app}
            value={caller.app}
            autoComplete="off"
            onChange={({ currentTarget }) => change({ app: currentTarget.value.trim() })}
          />
          <SecretInput label={text.secret} value={caller.secret} onValue={(secret) => change({ secret })} />
          {withToken && (
            <SecretInput
              label={text.token}
              description={text.tokenHint}
              value={caller.token}
              onValue={(token) => change({ token })}
            />
          )}
        </div>
        <SegmentedControl
          aria-label={text.scheme}
          value={caller.scheme}
          data={[...schemes]}
          onChange={(scheme) => change({ scheme })}
        />
        <Text size="sm" c="dimmed">
          {text.callerHint} {withToken && caller.secret === '' && text.unsigned}
        </Text>
      </Stack>
    </Fieldset>
  )
}
