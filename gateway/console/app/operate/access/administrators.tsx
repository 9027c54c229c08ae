import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { WideTable } from '../../wide-table.js'
import { useTexts } from '../../words.js'
import { useSession } from '../session.js'
import { useAttempt } from '../attempt.js'
import { Act } from '../act.js'
import { Loaded } from '../../reading/loaded.js'
import { Section } from '../section.js'
import { formatMoment } from '../times.js'
import { useLoad } from '../../reading/use-load.js'
import { call, type Results } from '../calls.js'
import { UserLink } from '../links.js'
import { Failure } from '../failure.js'
import { words } from './words.js'

type Roles = Results['manage.console.role.list']['items']
type Administrator = Results['manage.console.administrator.list']['items'][number]

interface Props {
  readonly roles: Roles
  readonly onChange: () => void
}

/** Who is an administrator, with which role; `turn` counts what has changed of the roles. */
export function Administrators({ roles, turn, onChange }: Props & { readonly turn: number }) {
  const text = useTexts(words)
  const { may } = useSession()
  const { load, again } = useLoad(`administrators ${turn}`, () => call('manage.console.administrator.list'))
  const change = () => {
    again()
    onChange()
  }
  return (
    <Section title={text.administrators}>
      <Loaded load={load} again={again}>
        {({ items }) =>
          items.length === 0 ? (
            <Text role="status">{text.noAdministrators}</Text>
          ) : (
            <AdministratorTable items={items} onChange={change} />
          )
        }
      </Loaded>
      {may('manage.console.administrator.add') && <Make roles={roles} onChange={change} />}
    </Section>
  )
}

interface TableProps {
  readonly items: readonly Administrator[]
  readonly onChange: () => void
}

function AdministratorTable({ items, onChange }: TableProps) {
  const text = useTexts(words)
  const { state } = useSession()
  const rows = items.map(({ user_id, account, role, since }) => [
    <UserLink key="id" id={user_id} />,
    account || text.gone,
    role || text.gone,
    formatMoment(since),
    user_id === state?.user?.user_id ? (
      text.you
    ) : (
      <Act
        key="remove"
        label={text.remove}
        of={account || String(user_id)}
        method="manage.console.administrator.remove"
        params={{ user: String(user_id) }}
        sure={text.removeSure}
        onDone={onChange}
      />
    ),
  ])
  return (
    <WideTable
      label={text.administrators}
      heads={['ID', text.user, text.role, text.since, text.remove]}
      rows={rows}
    />
  )
}

function Make({ roles, onChange }: Props) {
  const text = useTexts(words)
  const [user, setUser] = useState('')
  const [role, setRole] = useState(roles[0]?.name ?? '')
  const { submit, isBusy, failure } = useAttempt(async () => {
    await call('manage.console.administrator.add', { user, role })
    setUser('')
    onChange()
  })
  return (
    <form onSubmit={submit} aria-label={text.make}>
      <Stack>
        <div className="two">
          <TextInput
            label={text.user}
            description={text.userHint}
            required
            value={user}
            onChange={({ currentTarget }) => setUser(currentTarget.value)}
          />
          <NativeSelect
            label={text.role}
            data={roles.map(({ name }) => name)}
            value={role}
            onChange={({ currentTarget }) => setRole(currentTarget.value)}
          />
        </div>
        <Failure reason={failure} />
        <Group>
          <Button type="submit" loading={isBusy}>
            {text.makeIt}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
