import { Alert, Button, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useContext } from 'react'
import { LanguageContext, useTexts } from '../../words.js'
import { callManage } from '../calls.js'
import { useAttempt } from '../sign-in/attempt.js'
import { Act } from '../users/act.js'
import type { OwnSession } from './own-account.js'
import { words } from './words.js'

interface Props {
  readonly sessions: readonly OwnSession[]
  readonly onChange: () => Promise<void>
}

/** The administrator's sessions of the console, each to be ended. */
export function OwnSessions({ sessions, onChange }: Props) {
  const text = useTexts(words)
  const { run, isBusy, failure } = useAttempt(async () => {
    await callManage('/manage/console/account/endSessions')
    await onChange()
  })
  return (
    <Stack component="section" gap="sm">
      <Title order={3} size="h4">
        {text.sessions}
      </Title>
      <div className="table" tabIndex={0} role="region" aria-label={text.sessions}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{text.address}</Table.Th>
              <Table.Th>{text.browser}</Table.Th>
              <Table.Th>{text.since}</Table.Th>
              <Table.Th>{text.seen}</Table.Th>
              <Table.Th>{text.end}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sessions.map((session) => (
              <SessionRow key={session.session_id} session={session} onChange={onChange} />
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {failure !== undefined && (
        <Alert color="red" role="alert">
          {failure}
        </Alert>
      )}
      {sessions.length > 1 && (
        <Group>
          <Button variant="default" loading={isBusy} onClick={run}>
            {text.endOthers}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function SessionRow({ session, onChange }: { readonly session: OwnSession } & Pick<Props, 'onChange'>) {
  const text = useTexts(words)
  const language = useContext(LanguageContext)
  const moment = (milliseconds: number) => new Date(milliseconds).toLocaleString(language)
  return (
    <Table.Tr>
      <Table.Td>{session.ip}</Table.Td>
      <Table.Td className="name">{session.agent}</Table.Td>
      <Table.Td>{moment(session.created_at)}</Table.Td>
      <Table.Td>{moment(session.seen_at)}</Table.Td>
      <Table.Td>
        {session.is_own ? (
          <Text>{text.own}</Text>
        ) : (
          <Act
            label={text.end}
            of={`${session.ip}, ${moment(session.created_at)}`}
            method="manage.console.account.endSessions"
            params={{ session_id: session.session_id }}
            onDone={() => void onChange()}
          />
        )}
      </Table.Td>
    </Table.Tr>
  )
}
