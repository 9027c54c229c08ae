import { Button, NativeSelect, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../words.js'
import { call } from '../calls.js'
import { useSession } from '../session.js'
import { useAttempt } from '../attempt.js'
import { Failure } from '../failure.js'
import { words } from './words.js'

interface Props {
  readonly kind: 'app' | 'user'
  readonly subject: string
}

/** Begins a watch, and shows it. */
export function StartForm(given: Props) {
  const text = useTexts(words)
  const { may } = useSession()
  const [kind, setKind] = useState(given.kind)
  const [subject, setSubject] = useState(given.subject)
  const [minutes, setMinutes] = useState('15')
  const { submit, isBusy, failure } = useAttempt(async () => {
    const params = { kind, subject: subject.trim(), minutes: Number(minutes) }
    const { watch_id } = await call('manage.console.watch.start', params)
    window.location.hash = `#/watch/${watch_id}`
  })
  if (!may('manage.console.watch.start')) return <Text c="dimmed">{text.noRights}</Text>
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <div className="asked">
          <SegmentedControl
            aria-label={text.kind}
            value={kind}
            onChange={(value) => setKind(value === 'user' ? 'user' : 'app')}
            data={[
              { value: 'app', label: text.app },
              { value: 'user', label: text.user },
            ]}
          />
          <TextInput
            label={kind === 'app' ? text.appName : text.userId}
            value={subject}
            required
            maxLength={64}
            {...(kind === 'user' ? { inputMode: 'numeric' as const } : {})}
            onChange={({ currentTarget }) => setSubject(currentTarget.value)}
          />
          <NativeSelect
            label={text.minutes}
            value={minutes}
            data={['15', '10', '5']}
            onChange={({ currentTarget }) => setMinutes(currentTarget.value)}
          />
          <Button type="submit" loading={isBusy}>
            {text.start}
          </Button>
        </div>
        <Failure title={text.failed} reason={failure} />
      </Stack>
    </form>
  )
}
