import { Group } from '@mantine/core'
import { useTexts } from '../../../words.js'
import { Act } from '../../act.js'
import type { UserPageData } from '../user-data.js'
import { words } from '../words.js'

interface Props {
  readonly page: UserPageData
  readonly onDone: (label: string) => void
}

/** What can be done to a user as a whole. */
export function UserActs({ page, onDone }: Props) {
  const text = useTexts(words)
  const { user, addresses, failures } = page
  const { user_id } = user
  const isProved = (kind: string) =>
    addresses.some((address) => address.kind === kind && address.verified_time !== null)
  const isLocked = user.user_state === 0
  const edit = 'manage.account.user.edit'
  const reset = 'manage.console.user.sendReset'
  return (
    <Group align="flex-start" role="group" aria-label={text.acts}>
      {isLocked ? (
        <Act label={text.unlock} method={edit} params={{ user_id, user_state: 1 }} onDone={onDone} />
      ) : (
        <Act
          label={text.lock}
          method={edit}
          params={{ user_id, user_state: 0 }}
          sure={text.lockSure}
          onDone={onDone}
        />
      )}
      <Act
        label={text.endAll}
        method="manage.account.userSession.revoke"
        params={{ user_id }}
        sure={text.endAllSure}
        isDisabled={page.sessions.length === 0}
        onDone={onDone}
      />
      <Act
        label={text.clear}
        method="manage.console.user.clearFailures"
        params={{ user_id }}
        isDisabled={failures.length === 0}
        onDone={onDone}
      />
      {isProved('email') && (
        <Act
          label={text.resetMail}
          method={reset}
          params={{ user_id, by: 'email' }}
          isDisabled={isLocked}
          onDone={onDone}
        />
      )}
      {isProved('mobile') && (
        <Act
          label={text.resetText}
          method={reset}
          params={{ user_id, by: 'mobile' }}
          isDisabled={isLocked}
          onDone={onDone}
        />
      )}
    </Group>
  )
}
