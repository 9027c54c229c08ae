import { Badge, Group, Stack, Text } from '@mantine/core'
import { WideTable } from '../../wide-table.js'
import { useTexts } from '../../words.js'
import { UserLink } from '../links.js'
import { StateBadge } from './badges.js'
import { Face } from './pictures.js'
import { formatMoment } from '../times.js'
import type { ListedUser } from './user-data.js'
import { words } from './words.js'

interface Props {
  readonly users: readonly ListedUser[]
  /** Whether they were looked for by a text. */
  readonly isFound: boolean
}

/** Users in a table, each with a link to all that is known. */
export function UserTable({ users, isFound }: Props) {
  const text = useTexts(words)
  const heads = [
    text.user,
    ...(isFound ? [text.foundBy] : []),
    text.mobile,
    text.email,
    text.state,
    text.level,
    text.certificate,
    text.registered,
    text.lastSignIn,
  ]
  const rows = users.map((user) => [
    <Who key="who" user={user} />,
    ...(isFound ? [<FoundBy key="by" by={user.found_by} />] : []),
    user.mobile || '–',
    user.email || '–',
    <StateBadge key="state" state={user.user_state} />,
    user.user_level_name || text.noLevel,
    text.certificateStates[user.certificate_state] ?? user.certificate_state,
    formatMoment(user.user_reg_time),
    user.last_sign_in_time > 0 ? formatMoment(user.last_sign_in_time) : text.never,
  ])
  return <WideTable label={text.users} heads={heads} rows={rows} />
}

function Who({ user }: { readonly user: ListedUser }) {
  const text = useTexts(words)
  return (
    <Group wrap="nowrap" className="who">
      <Face picture={user.avatar} name={user.user_nickname} />
      <Stack gap={0}>
        <UserLink id={user.user_id}>{user.user_nickname || text.unnamed}</UserLink>
        <Text size="xs" c="dimmed" className="name">
          {user.user_id} · {user.user_account}
        </Text>
      </Stack>
    </Group>
  )
}

function FoundBy({ by }: { readonly by: string }) {
  const names: Readonly<Record<string, string>> = useTexts(words).foundBys
  return (
    <Badge variant="default" tt="none">
      {names[by] ?? by}
    </Badge>
  )
}
