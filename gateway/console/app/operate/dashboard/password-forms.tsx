import { Alert, Stack, Text } from '@mantine/core'
import { useCallback } from 'react'
import type { Contracts } from '../../../../../schemas/contracts.js'
import { useTexts } from '../../words.js'
import { callManage } from '../calls.js'
import { formatDay, formatMoment } from '../times.js'
import { useRegularly } from '../use-regularly.js'
import { Plot, shown } from './plot.js'
import { Listed } from './tables.js'
import { percent } from './tiles.js'
import { words } from './words.js'

type Passwords = Contracts['manage.console.dashboard.passwords']['result']
type Forms = Passwords['days'][number]['forms']

/** Counting takes seconds; what was counted changes slowly. */
const milliseconds = 30_000

/** How many users are still on old forms of passwords, and how that went. */
export function PasswordForms() {
  const text = useTexts(words)
  const read = useCallback(
    async (isBackground: boolean) =>
      (await callManage('/manage/console/dashboard/passwords', {}, { isBackground })) as Passwords,
    [],
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
  if (!newest) return <Text c="dimmed">{text.notCounted}</Text>
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
        {data.is_counting && text.counting}
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
