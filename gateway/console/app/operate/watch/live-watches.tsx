import { Alert, Anchor, Button, Group, Text, Title } from '@mantine/core'
import { useCallback } from 'react'
import type { Contracts } from '../../../../../schemas/contracts.js'
import { WideTable } from '../../reference/wide-table.js'
import { useTexts } from '../../words.js'
import { callManage } from '../calls.js'
import { useSession } from '../session.js'
import { useAttempt } from '../sign-in/attempt.js'
import { formatMoment } from '../times.js'
import { useRegularly } from '../use-regularly.js'
import { words } from './words.js'

type Watches = Contracts['manage.console.watch.list']['result']

const milliseconds = 5000

/** Who watches what until when; `shown` is the one on the page. */
export function LiveWatches({ shown }: { readonly shown: string | undefined }) {
  const text = useTexts(words)
  const { may, state } = useSession()
  // Another watch on the page is another reading.
  const read = useCallback(
    async (isBackground: boolean) => {
      void shown
      return (await callManage('/manage/console/watch/list', {}, { isBackground })) as Watches
    },
    [shown],
  )
  const { data, failure, again } = useRegularly(read, milliseconds)
  const rows = (data?.items ?? []).map((watch) => [
    String(watch.admin_id),
    `${text[watch.kind]} ${watch.subject}`,
    formatMoment(watch.ends_at),
    <Group key="act" gap="xs">
      {watch.admin_id === state?.user?.user_id && watch.watch_id !== shown && (
        <Anchor href={`#/watch/${watch.watch_id}`}>{text.open}</Anchor>
      )}
      {may('manage.console.watch.stop') && <Stop watchId={watch.watch_id} onStopped={again} />}
    </Group>,
  ])
  return (
    <section className="whole">
      <Title order={3} size="h5">
        {text.live}
      </Title>
      {failure !== undefined && (
        <Alert color="red" role="alert" title={text.failed}>
          {failure}
        </Alert>
      )}
      {data && rows.length === 0 && <Text c="dimmed">{text.nobody}</Text>}
      {rows.length > 0 && (
        <WideTable label={text.live} heads={[text.who, text.what, text.until, text.act]} rows={rows} />
      )}
    </section>
  )
}

function Stop({ watchId, onStopped }: { readonly watchId: string; readonly onStopped: () => void }) {
  const text = useTexts(words)
  const { run, isBusy, failure } = useAttempt(async () => {
    await callManage('/manage/console/watch/stop', { watch_id: watchId })
    onStopped()
  })
  return (
    <>
      <Button size="compact-sm" variant="default" loading={isBusy} onClick={run}>
        {text.stop}
      </Button>
      {failure}
    </>
  )
}
