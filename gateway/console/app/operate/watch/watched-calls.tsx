import { Alert, Code, Stack, Text, Title } from '@mantine/core'
import { useCallback } from 'react'
import type { Contracts } from '../../../../../schemas/contracts.js'
import { WideTable } from '../../reference/wide-table.js'
import { useTexts } from '../../words.js'
import { callManage } from '../calls.js'
import { formatMoment } from '../times.js'
import { useRegularly } from '../use-regularly.js'
import { Waiting } from '../waiting.js'
import { words } from './words.js'

type Watch = Contracts['manage.console.watch.calls']['result']
type Call = Watch['calls'][number]

const milliseconds = 2000

/** The newest calls that a watch has seen, as they come. */
export function WatchedCalls({ watchId }: { readonly watchId: string }) {
  const text = useTexts(words)
  const read = useCallback(
    async (isBackground: boolean) =>
      (await callManage('/manage/console/watch/calls', { watch_id: watchId }, { isBackground })) as Watch,
    [watchId],
  )
  const { data, failure } = useRegularly(read, milliseconds)
  if (!data && failure === undefined) return <Waiting />
  const heads = [
    text.time,
    text.method,
    text.outcome,
    text.ms,
    text.application,
    text.network,
    text.parameters,
  ]
  return (
    <Stack gap="xs" className="whole">
      {failure !== undefined && (
        <Alert color="red" role="alert" title={text.failed}>
          {failure}
        </Alert>
      )}
      {data && (
        <>
          <Title order={3} size="h5" className="name">
            {text[data.kind]} {data.subject} · {data.is_live ? text.isLive : text.isOver}{' '}
            {formatMoment(data.ends_at)}
          </Title>
          {data.calls.length === 0 ? (
            <Text role="status">{data.is_live ? text.waiting : text.noCalls}</Text>
          ) : (
            <WideTable
              label={text.calls}
              heads={heads}
              rows={data.calls.map((call) => cellsOf(call, text))}
            />
          )}
        </>
      )}
    </Stack>
  )
}

function cellsOf(call: Call, text: (typeof words)['en']) {
  return [
    <span key="time" title={`${text.request} ${call.request_id} · ${text.node} ${call.node}`}>
      {formatMoment(call.happened_at)}
    </span>,
    <Code key="method">{call.method}</Code>,
    call.error === '' ? text.ok : <Code key="error">{call.error}</Code>,
    String(call.milliseconds),
    call.app || '–',
    call.network,
    <span key="params" className="wrapping">
      {call.params.map(nameOf).join(', ') || '–'}
      {call.skipped !== undefined && ` · ${call.skipped} ${text.skipped}`}
    </span>,
  ]
}

function nameOf({ name, length, shown }: Call['params'][number]): string {
  return shown === undefined ? `${name} (${length})` : `${name} = ${shown}`
}
