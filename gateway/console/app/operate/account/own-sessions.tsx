import { Button, Group } from '@mantine/core'
import { WideTable } from '../../wide-table.js'
import { useTexts } from '../../words.js'
import { Act } from '../act.js'
import { useAttempt } from '../attempt.js'
import { call, type Results } from '../calls.js'
import { Section } from '../section.js'
import { Failure } from '../failure.js'
import { formatMoment } from '../times.js'
import { words } from './words.js'

interface Props {
  readonly sessions: Results['manage.console.account.get']['sessions']
  readonly onChange: () => void
}

/** The administrator's sessions of the console, each to be ended. */
export function OwnSessions({ sessions, onChange }: Props) {
  const text = useTexts(words)
  const { run, isBusy, failure } = useAttempt(async () => {
    await call('manage.console.account.endSessions')
    onChange()
  })
  const rows = sessions.map(({ session_id, is_own: isOwn, ip, agent, created_at, seen_at }) => [
    ip,
    agent,
    formatMoment(created_at),
    formatMoment(seen_at),
    isOwn ? (
      text.own
    ) : (
      <Act
        key={session_id}
        label={text.end}
        of={`${ip}, ${formatMoment(created_at)}`}
        method="manage.console.account.endSessions"
        params={{ session_id }}
        onDone={onChange}
      />
    ),
  ])
  return (
    <Section title={text.sessions}>
      <WideTable
        label={text.sessions}
        heads={[text.address, text.browser, text.since, text.seen, text.end]}
        rows={rows}
      />
      <Failure reason={failure} />
      {sessions.length > 1 && (
        <Group>
          <Button size="xs" variant="default" loading={isBusy} onClick={run}>
            {text.endOthers}
          </Button>
        </Group>
      )}
    </Section>
  )
}
