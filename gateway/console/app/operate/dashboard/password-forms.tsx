import { Stack, Text } from '@mantine/core'
import { useCallback } from 'react'
import { useTexts } from '../../words.js'
import { call, type Results } from '../calls.js'
import { percent, shown } from '../numbers.js'
import { useSession } from '../session.js'
import { formatDay, formatMoment } from '../times.js'
import { useRegularly } from '../../reading/use-regularly.js'
import { Plot } from './plot.js'
import { Listed } from './tables.js'
import { Failure } from '../failure.js'
import { words } from './words.js'

type Forms = Results['manage.console.dashboard.passwords']['days'][number]['forms']

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
      const found = await call('manage.console.dashboard.passwords', {}, options)
      if (found.is_old && mayCount) await call('manage.console.dashboard.countPasswords', {}, options)
      return found
    },
    [mayCount],
  )
  const { data, failure } = useRegularly(read, milliseconds)
  if (failure !== undefined && !data) return <Failure title={text.failed} reason={failure} />
  if (!data) return null
  const [newest] = data.days
  if (!newest)
    return (
      <Listed
        title={text.passwords}
        none={mayCount ? text.notCounted : text.neverCounted}
        heads={[text.form, text.users, text.share]}
        rows={[]}
      />
    )
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
