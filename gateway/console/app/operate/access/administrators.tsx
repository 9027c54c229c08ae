import { Alert, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { WideTable } from '../../reference/wide-table.js'
import { useTexts } from '../../words.js'
import { useSession } from '../session.js'
import { useAttempt } from '../sign-in/attempt.js'
import { Act } from '../users/act.js'
import { Loaded } from '../users/loaded.js'
import { Section } from '../users/section.js'
import { useTime } from '../users/times.js'
import { useLoad } from '../users/use-load.js'
import { ask } from './ask.js'
import type { Role } from './role.js'
import { words } from './words.js'

interface Administrator {
  readonly user_id: number
  /** Empty for a user who is gone. */
  readonly account: string
  readonly role: string
  /** Milliseconds. */
  readonly since: number
}

interface Props {
  readonly roles: readonly Role[]
  readonly onChange: () => void
}

/** Who is an administrator, with which role; `turn` counts what has changed of the roles. */
export function Administrators({ roles, turn, onChange }: Props & { readonly turn: number }) {
  const text = useTexts(words)
  const { may } = useSession()
  const { load, again } = useLoad(`administrators ${turn}`, () =>
    ask<{ items: readonly Administrator[] }>('manage.console.administrator.list'),
  )
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
  const time = useTime()
  const { state } = useSession()
  const rows = items.map(({ user_id, account, role, since }) => [
    user_id,
    account || text.gone,
    role || text.gone,
    time(since),
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
    await ask('manage.console.administrator.add', { user, role })
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
        {failure !== undefined && (
          <Alert color="red" role="alert">
            {failure}
          </Alert>
        )}
        <Group>
          <Button type="submit" loading={isBusy}>
            {text.makeIt}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
