import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { WideTable } from '../../../wide-table.js'
import { useTexts } from '../../../words.js'
import { Loaded } from '../../../reading/loaded.js'
import { UserLink } from '../../links.js'
import { Section } from '../../section.js'
import { formatMoment } from '../../times.js'
import { call } from '../../calls.js'
import { useLoad } from '../../../reading/use-load.js'
import { words } from '../words.js'

/** What was done to the user, the newest first. */
export function AuditSection({ userId, turn }: { readonly userId: number; readonly turn: number }) {
  const text = useTexts(words)
  /** Where the pages up to this one begin, but for the first. */
  const [places, setPlaces] = useState<readonly string[]>([])
  const before = places.at(-1) ?? ''
  const { load, again } = useLoad(`${userId} ${turn} ${before}`, () =>
    call('manage.console.audit.list', { target: userId, before, size: 20 }),
  )
  return (
    <Section title={text.audit}>
      <Loaded load={load} again={again}>
        {({ items, next }) => (
          <>
            {items.length === 0 ? (
              <Text>{text.noAudit}</Text>
            ) : (
              <WideTable
                label={text.audit}
                heads={[text.when, text.action, text.outcome, text.actor, text.ip, text.detail]}
                rows={items.map((entry) => [
                  formatMoment(entry.happened_at),
                  entry.action,
                  entry.outcome,
                  entry.actor || (entry.actor_id === 0 ? '–' : <UserLink key="actor" id={entry.actor_id} />),
                  entry.ip || '–',
                  entry.detail,
                ])}
              />
            )}
            <Group>
              {places.length > 0 && (
                <Button size="xs" variant="default" onClick={() => setPlaces(places.slice(0, -1))}>
                  {text.previous}
                </Button>
              )}
              {next !== '' && (
                <Button size="xs" variant="default" onClick={() => setPlaces([...places, next])}>
                  {text.next}
                </Button>
              )}
            </Group>
          </>
        )}
      </Loaded>
    </Section>
  )
}
