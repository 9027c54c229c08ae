import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../words.js'
import { useSession } from '../session.js'
import { useAttempt } from '../attempt.js'
import { Act } from '../act.js'
import { Loaded } from '../../reading/loaded.js'
import { Section } from '../section.js'
import { useLoad } from '../../reading/use-load.js'
import { Administrators } from './administrators.js'
import { call, type Results } from '../calls.js'
import { Failure } from '../failure.js'
import { words } from './words.js'

type Role = Results['manage.console.role.list']['items'][number]

/** Made anew by each start of a server, so that nobody edits it. */
const readOnlyRole = '控制台只读'

/** Roles, what they include, and who has them. */
export default function RolesPage() {
  const text = useTexts(words)
  const { may } = useSession()
  const [turn, setTurn] = useState(0)
  const { load, again } = useLoad('roles', () => call('manage.console.role.list'))
  const change = () => {
    again()
    setTurn((turn) => turn + 1)
  }
  return (
    <Stack>
      <Title order={2} size="h3">
        {text.roles}
      </Title>
      <Loaded load={load} again={again}>
        {({ items }) => (
          <>
            {items.length === 0 && <Text role="status">{text.noRoles}</Text>}
            <div className="sections">
              {items.map((role) => (
                <RoleSection key={role.name} role={role} onChange={change} />
              ))}
            </div>
            {may('manage.console.role.grant') && <Grant roles={items} onChange={change} />}
            {may('manage.console.administrator.list') && (
              <Administrators roles={items} turn={turn} onChange={again} />
            )}
          </>
        )}
      </Loaded>
    </Stack>
  )
}

function RoleSection({ role, onChange }: { readonly role: Role; readonly onChange: () => void }) {
  const text = useTexts(words)
  const { state } = useSession()
  const isOwn = state?.user?.user_role_name === role.name
  const isKept = role.built_in && role.name === readOnlyRole
  const marks = [...(role.built_in ? [text.builtIn] : []), ...(isOwn ? [text.ownRole] : [])]
  return (
    <Section title={marks.length === 0 ? role.name : `${role.name} (${marks.join(', ')})`}>
      <Text size="sm">
        {text.admins}: {role.admins}
      </Text>
      {role.permissions.length === 0 && <Text size="sm">{text.nothing}</Text>}
      <ul className="paths" aria-label={`${text.paths}: ${role.name}`}>
        {role.permissions.map((pattern) => (
          <li key={pattern}>
            <code className="name">{pattern}</code>
            {!isOwn && !isKept && (
              <Act
                label={text.revoke}
                of={pattern}
                method="manage.console.role.revoke"
                params={{ role: role.name, pattern }}
                sure={text.revokeSure}
                onDone={onChange}
              />
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Grant({ roles, onChange }: { readonly roles: readonly Role[]; readonly onChange: () => void }) {
  const text = useTexts(words)
  const [role, setRole] = useState('')
  const [pattern, setPattern] = useState('')
  const { state } = useSession()
  // Nobody gives what they do not have.
  const paths = (state?.methods ?? []).map((name) => `/${name.replaceAll('.', '/')}`)
  const { submit, isBusy, failure } = useAttempt(async () => {
    await call('manage.console.role.grant', { role, pattern })
    setPattern('')
    onChange()
  })
  return (
    <Section title={text.grant}>
      <Text size="sm">{text.grantHint}</Text>
      <form onSubmit={submit}>
        <Stack>
          <div className="two">
            <TextInput
              label={text.roleName}
              list="role-names"
              required
              value={role}
              onChange={({ currentTarget }) => setRole(currentTarget.value)}
            />
            <TextInput
              label={text.pattern}
              description={text.patternHint}
              list="role-paths"
              required
              value={pattern}
              onChange={({ currentTarget }) => setPattern(currentTarget.value)}
            />
          </div>
          <datalist id="role-names">
            {roles
              .filter(({ name }) => name !== readOnlyRole)
              .map(({ name }) => (
                <option key={name} value={name} />
              ))}
          </datalist>
          <datalist id="role-paths">
            {paths.map((path) => (
              <option key={path} value={path} />
            ))}
          </datalist>
          <Failure reason={failure} />
          <Group>
            <Button type="submit" loading={isBusy}>
              {text.grantIt}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}
