import { Anchor, Badge, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../../words.js'
import { call, CallError } from '../../calls.js'
import { useSession } from '../../session.js'
import { AuditSection } from './audit-section.js'
import { StateBadge } from '../badges.js'
import { CertificateSection } from './certificate-section.js'
import { HistorySections } from './history-sections.js'
import { Loaded } from '../../../reading/loaded.js'
import { LevelSection } from './level-section.js'
import { ObstacleSection } from './obstacle-section.js'
import { Face } from '../pictures.js'
import { ProfileSection } from './profile-section.js'
import type { UserPageData } from '../user-data.js'
import { UserActs } from './user-acts.js'
import { useLoad } from '../../../reading/use-load.js'
import { WaySection } from './way-section.js'
import { words } from '../words.js'

/** All that is known of a user, why the user could not sign in, and what can be done. */
export function UserPage({ userId }: { readonly userId: string }) {
  const text = useTexts(words)
  const [done, setDone] = useState('')
  const [turn, setTurn] = useState(0)
  const { load, again } = useLoad(userId, () => findUser(userId))
  const onDone = (label: string) => {
    setDone(`${text.done}: ${label}`)
    setTurn(turn + 1)
    again()
  }
  return (
    <Stack>
      <Anchor href="#/users">← {text.back}</Anchor>
      <Text role="status" fw={600} className={done === '' ? 'unseen' : undefined}>
        {done}
      </Text>
      <Loaded load={load} again={again}>
        {(page) =>
          page ? <Whole page={page} turn={turn} onDone={onDone} /> : <Text>{text.noSuchUser}</Text>
        }
      </Loaded>
    </Stack>
  )
}

/** Undefined for nobody. */
async function findUser(userId: string): Promise<UserPageData | undefined> {
  if (!/^\d{1,10}$/.test(userId)) return undefined
  try {
    return await call('manage.console.user.get', { user_id: userId })
  } catch (error) {
    if (error instanceof CallError && error.error === 'OPERATION_FAILED') return undefined
    throw error
  }
}

interface WholeProps {
  readonly page: UserPageData
  /** Counts what was done, as the audit is to be read again. */
  readonly turn: number
  readonly onDone: (label: string) => void
}

function Whole({ page, turn, onDone }: WholeProps) {
  const { may } = useSession()
  const text = useTexts(words)
  return (
    <>
      <Head page={page} />
      {may('manage.console.watch.start') && (
        <Anchor href={`#/watch/user/${page.user.user_id}`}>{text.watch}</Anchor>
      )}
      <UserActs page={page} onDone={onDone} />
      <div className="sections">
        <ObstacleSection page={page} />
        <ProfileSection page={page} />
        <WaySection page={page} onDone={onDone} />
        {may('manage.account.userInfo.edit') && <LevelSection page={page} onDone={onDone} />}
        <HistorySections page={page} onDone={onDone} />
        <CertificateSection page={page} onDone={onDone} />
      </div>
      {may('manage.console.audit.list') && <AuditSection userId={page.user.user_id} turn={turn} />}
    </>
  )
}

function Head({ page: { user } }: { readonly page: UserPageData }) {
  const text = useTexts(words)
  return (
    <Group>
      <Face picture={user.avatar} name={user.user_nickname} />
      <Title order={2} size="h3" className="name">
        {user.user_nickname || text.unnamed}
      </Title>
      <Text c="dimmed" className="name">
        {user.user_id} · {user.user_account}
      </Text>
      <StateBadge state={user.user_state} />
      {user.role_name !== null && (
        <Badge variant="default" tt="none">
          {text.administrator}: {user.role_name}
        </Badge>
      )}
    </Group>
  )
}
