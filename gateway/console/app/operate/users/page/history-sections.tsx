import { Text } from '@mantine/core'
import { WideTable } from '../../../wide-table.js'
import { useTexts } from '../../../words.js'
import { Act } from '../../act.js'
import { obstacleWords } from './obstacle-words.js'
import { Section } from '../../section.js'
import { formatMoment } from '../../times.js'
import type { UserPageData } from '../user-data.js'
import { words } from '../words.js'

interface Props {
  readonly page: UserPageData
  readonly onDone: (label: string) => void
}

/** Where the user is signed in, was signed in, and what is counted. */
export function HistorySections({ page, onDone }: Props) {
  const text = useTexts(words)
  const { sessions, sign_ins: signIns } = page
  return (
    <>
      <Section title={text.sessions}>
        {sessions.length === 0 ? (
          <Text>{text.noSessions}</Text>
        ) : (
          <WideTable
            label={text.sessions}
            heads={[text.since, text.until, text.app, text.ip, text.acts]}
            rows={sessions.map(({ session_id, start_time, end_time, app_name, ip }) => [
              formatMoment(start_time),
              formatMoment(end_time),
              app_name || '–',
              ip,
              <Act
                key={session_id}
                label={text.end}
                of={formatMoment(start_time)}
                method="manage.account.userSession.revoke"
                params={{ user_id: page.user.user_id, session_id }}
                onDone={onDone}
              />,
            ])}
          />
        )}
      </Section>
      <Section title={text.signIns}>
        {signIns.length === 0 ? (
          <Text>{text.noSignIns}</Text>
        ) : (
          <WideTable
            label={text.signIns}
            heads={[text.when, text.ip]}
            rows={signIns.map((signIn) => [formatMoment(signIn.time), signIn.ip || '–'])}
          />
        )}
      </Section>
      <LimitSection page={page} />
    </>
  )
}

function LimitSection({ page: { limits, failures, codes } }: { readonly page: UserPageData }) {
  const text = useTexts(words)
  const { limits: names, ways } = useTexts(obstacleWords)
  const wayOf = (way: string) => ways[way] ?? way
  const rows = [
    ...failures.map(({ way, network, count, paused_until }) => [
      `${wayOf(way)}${network === '' ? '' : ` (${network})`}`,
      names['failures'],
      count,
      paused_until > 0 ? formatMoment(paused_until) : '–',
    ]),
    ...limits.map(({ kind, what, used, points, reset_time }) => [
      wayOf(kind),
      names[what] ?? what,
      `${used} / ${points}`,
      formatMoment(reset_time),
    ]),
    ...codes.map(({ kind, wrong_tries, end_time }) => [
      wayOf(kind),
      names['code'],
      wrong_tries,
      formatMoment(end_time),
    ]),
  ]
  return (
    <Section title={text.limits}>
      {rows.length === 0 ? (
        <Text>{text.noLimits}</Text>
      ) : (
        <WideTable label={text.limits} heads={[text.way, text.value, text.count, text.until]} rows={rows} />
      )}
    </Section>
  )
}
