import { Text } from '@mantine/core'
import { WideTable } from '../../wide-table.js'
import { useTexts } from '../../words.js'
import { Section } from '../section.js'
import { formatMoment } from '../times.js'
import type { CalledApplication } from './application.js'
import { words } from './words.js'

/** Who calls in an application's name: versions, what from where, and passwords in queries. */
export function ApplicationCallers({ app }: { readonly app: CalledApplication }) {
  const { trust, callers, query_callers, method_callers } = app
  const text = useTexts(words)
  const counts = [text.calls, text.firstSeen, text.lastSeen]
  return (
    <>
      <div className="sections">
        <Section title={text.callers}>
          {trust === 'public' && <Text size="sm">{text.unproved}</Text>}
          {callers.length === 0 ? (
            <Text>{text.noCallers}</Text>
          ) : (
            <WideTable
              label={text.callers}
              heads={[text.version, ...counts]}
              rows={callers.map(({ version, calls, first_seen_at, last_seen_at }) => [
                version || text.noVersion,
                calls,
                formatMoment(first_seen_at),
                formatMoment(last_seen_at),
              ])}
            />
          )}
        </Section>
        <Section title={text.queryCallers}>
          {query_callers.length === 0 ? (
            <Text>{text.noQueryCallers}</Text>
          ) : (
            <WideTable
              label={text.queryCallers}
              heads={[text.method, text.network, text.version, ...counts]}
              rows={query_callers.map(({ method, network, version, calls, first_seen_at, last_seen_at }) => [
                method,
                network || text.othersTogether,
                version || text.noVersion,
                calls,
                formatMoment(first_seen_at),
                formatMoment(last_seen_at),
              ])}
            />
          )}
        </Section>
      </div>
      <Section title={text.methodCallers}>
        {method_callers.length === 0 ? (
          <Text>{text.noCallers}</Text>
        ) : (
          <WideTable
            label={text.methodCallers}
            heads={[
              text.method,
              text.finding,
              text.scheme,
              text.network,
              text.version,
              text.calls,
              text.lastSeen,
            ]}
            rows={method_callers.map(({ method, finding, scheme, network, version, calls, last_seen_at }) => [
              method || text.any,
              finding || text.allCalls,
              scheme,
              network || text.othersTogether,
              version || text.noVersion,
              calls,
              formatMoment(last_seen_at),
            ])}
          />
        )}
      </Section>
    </>
  )
}
