import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { DataTable } from '../data-table.js'
import { useTexts } from '../../../words.js'
import { Loaded } from '../loaded.js'
import { Section } from '../section.js'
import { useTime } from '../times.js'
import { read } from '../user-data.js'
import { useLoad } from '../use-load.js'
import { words } from '../words.js'

/** What was done to the user, the newest first. */
export function AuditSection({ userId, turn }: { readonly userId: number; readonly turn: number }) {
  const text = useTexts(words)
  const time = useTime()
  const [page, setPage] = useState(1)
  const { load, again } = useLoad(`${userId} ${turn} ${page}`, () =>
    read('manage.account.audit.list', { target_id: userId, page, size: 20 }),
  )
  return (
    <Section title={text.audit}>
      <Loaded load={load} again={again}>
        {({ items, total }) => (
          <>
            {items.length === 0 ? (
              <Text>{text.noAudit}</Text>
            ) : (
              <DataTable
                label={text.audit}
                heads={[text.when, text.action, text.outcome, text.actor, text.ip, text.detail]}
                rows={items.map((entry) => [
                  time(entry.happened_at),
                  entry.action,
                  entry.outcome,
                  entry.actor || entry.actor_id || '–',
                  entry.ip || '–',
                  entry.detail,
                ])}
              />
            )}
            <Group>
              {page > 1 && (
                <Button size="xs" variant="default" onClick={() => setPage(page - 1)}>
                  {text.previous}
                </Button>
              )}
              {page < total && (
                <Button size="xs" variant="default" onClick={() => setPage(page + 1)}>
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
