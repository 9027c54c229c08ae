import { Code, Stack, Text, Title } from '@mantine/core'
import { useCallback } from 'react'
import { WideTable } from '../../wide-table.js'
import { useTexts } from '../../words.js'
import { call, type Results } from '../calls.js'
import { RequestLink } from '../links.js'
import { formatMoment, formatTime } from '../times.js'
import { useRegularly } from '../../reading/use-regularly.js'
import { Waiting } from '../../reading/waiting.js'
import { Failure } from '../failure.js'
import { words } from './words.js'

type WatchedCall = Results['manage.console.watch.calls']['calls'][number]

const milliseconds = 2000

/** The newest calls that a watch has seen, as they come. */
export function WatchedCalls({ watchId }: { readonly watchId: string }) {
  const text = useTexts(words)
  const read = useCallback(
    async (isBackground: boolean) =>
      call('manage.console.watch.calls', { watch_id: watchId }, { isBackground }),
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
    text.request,
    text.node,
  ]
  return (
    <Stack gap="xs" className="whole">
      <Failure title={text.failed} reason={failure} />
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

function cellsOf(call: WatchedCall, text: (typeof words)['en']) {
  return [
    formatTime(call.happened_at),
    <Code key="method">{call.method}</Code>,
    call.error === '' ? text.ok : <Code key="error">{call.error}</Code>,
    String(call.milliseconds),
    <>
      {call.app || '–'} {!call.is_proved && <span className="state">{text.unproved}</span>}
    </>,
    call.network,
    <span key="params" className="wrapping">
      {call.params.map(nameOf).join(', ') || '–'}
      {call.skipped !== undefined && ` · ${call.skipped} ${text.skipped}`}
    </span>,
    <RequestLink key="request" id={call.request_id} />,
    call.node,
  ]
}

function nameOf({ name, length, shown }: WatchedCall['params'][number]): string {
  return shown === undefined ? `${name} (${length})` : `${name} = ${shown}`
}
