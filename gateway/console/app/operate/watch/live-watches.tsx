import { Anchor, Group, Text, Title } from '@mantine/core'
import { useCallback } from 'react'
import { WideTable } from '../../wide-table.js'
import { useTexts } from '../../words.js'
import { Act } from '../act.js'
import { call } from '../calls.js'
import { useSession } from '../session.js'
import { UserLink } from '../links.js'
import { formatMoment } from '../times.js'
import { useRegularly } from '../../reading/use-regularly.js'
import { Failure } from '../failure.js'
import { words } from './words.js'

const milliseconds = 5000

/** Who watches what until when; `shown` is the one on the page. */
export function LiveWatches({ shown }: { readonly shown: string | undefined }) {
  const text = useTexts(words)
  const { state } = useSession()
  // Another watch on the page is another reading.
  const read = useCallback(
    async (isBackground: boolean) => {
      void shown
      return call('manage.console.watch.list', {}, { isBackground })
    },
    [shown],
  )
  const { data, failure, again } = useRegularly(read, milliseconds)
  const rows = (data?.items ?? []).map((watch) => [
    <UserLink key="who" id={watch.admin_id} />,
    <>
      {text[watch.kind]} {watch.kind === 'user' ? <UserLink id={watch.subject} /> : watch.subject}
    </>,
    formatMoment(watch.ends_at),
    <Group key="act" gap="xs">
      {watch.admin_id === state?.user?.user_id && watch.watch_id !== shown && (
        <Anchor href={`#/watch/${watch.watch_id}`}>{text.open}</Anchor>
      )}
      <Act
        label={text.stop}
        method="manage.console.watch.stop"
        params={{ watch_id: watch.watch_id }}
        onDone={again}
      />
    </Group>,
  ])
  return (
    <section className="whole">
      <Title order={3} size="h5">
        {text.live}
      </Title>
      <Failure title={text.failed} reason={failure} />
      {data && rows.length === 0 && <Text c="dimmed">{text.nobody}</Text>}
      {rows.length > 0 && (
        <WideTable label={text.live} heads={[text.who, text.what, text.until, text.act]} rows={rows} />
      )}
    </section>
  )
}
