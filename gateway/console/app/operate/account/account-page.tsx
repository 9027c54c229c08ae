import { Button, Stack, Text, Title } from '@mantine/core'
import { useTexts } from '../../words.js'
import { callSession } from '../calls.js'
import { useSession } from '../session.js'
import { useAttempt } from '../sign-in/attempt.js'
import { words } from './words.js'

/** The administrator's own account in the console. */
export default function AccountPage() {
  const text = useTexts(words)
  const { state, set } = useSession()
  const { run, isBusy } = useAttempt(async () => set(await callSession('/session/end')))
  return (
    <Stack>
      <Title order={2} size="h3">
        {text.title}
      </Title>
      <Text className="name">
        {state?.user?.user_account} · {state?.user?.user_role_name}
      </Text>
      <Button className="start" variant="default" loading={isBusy} onClick={run}>
        {text.signOut}
      </Button>
    </Stack>
  )
}
