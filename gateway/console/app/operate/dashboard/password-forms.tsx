import { Alert, Stack, Text } from '@mantine/core'
import { useCallback } from 'react'
import type { Contracts } from '../../../../../schemas/contracts.js'
import { useTexts } from '../../words.js'
import { callManage } from '../calls.js'
import { percent, shown } from '../numbers.js'
import { useSession } from '../session.js'
import { formatDay, formatMoment } from '../times.js'
import { useRegularly } from '../use-regularly.js'
import { Plot } from './plot.js'
import { Listed } from './tables.js'
import { words } from './words.js'

type Passwords = Contracts['manage.console.dashboard.passwords']['result']
type Forms = Passwords['days'][number]['forms']

/** Counting takes seconds. */
const milliseconds = 10_000

/** How many users are still on old forms of passwords, and how that went. */
export function PasswordForms() {
  const text = useTexts(words)
  const { may } = useSession()
  const mayCount = may('manage.console.dashboard.countPasswords')
  const read = useCallback(
    async (isBackground: boolean) => {
      const options = { isBackground }
      const found = (await callManage('/manage/console/dashboard/passwords', {}, options)) as Passwords
      if (found.is_old && mayCount) await callManage('/manage/console/dashboard/countPasswords', {}, options)
      return found
    },
    [mayCount],
  )
  const { data, failure } = useRegularly(read, milliseconds)
  if (failure !== undefined && !data)
    return (
      <Alert color="red" role="alert" title={text.failed}>
        {failure}
      </Alert>
    )
  if (!data) return null
  const [newest] = data.days
  if (!newest) return <Text c="dimmed">{mayCount ? text.notCounted : text.neverCounted}</Text>
  const users = totalOf(newest.forms)
  const days = data.days.toReversed()
  return (
    <Stack gap="xs">
      <Listed
        title={text.passwords}
        heads={[text.form, text.users, text.share]}
        rows={newest.forms.map((form) => [form.form, shown(form.users), percent(form.users, users)])}
      />
      <Text size="sm" c="dimmed">
        {text.passwordsHint} {text.countedAt} {formatMoment(newest.counted_at)}.{' '}
        {data.is_old && mayCount && text.counting}
      </Text>
      {days.length > 1 && (
        <Plot
          title={text.notArgon}
          times={days.map(({ counted_at }) => formatDay(counted_at))}
          lines={[{ name: text.users, values: days.map(({ forms }) => totalOf(forms.filter(isOld))) }]}
        />
      )}
    </Stack>
  )
}

function totalOf(forms: Forms): number {
  return forms.reduce((sum, { users }) => sum + users, 0)
}

/** Forms that become argon2id when their user signs in. */
function isOld({ form }: Forms[number]): boolean {
  return form !== 'argon2id' && form !== 'none'
}
