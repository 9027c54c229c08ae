import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../words.js'
import type { PageProps } from '../page-props.js'
import { useSession } from '../session.js'
import { useAttempt } from '../attempt.js'
import { Loaded } from '../../reading/loaded.js'
import { useLoad } from '../../reading/use-load.js'
import { call } from '../calls.js'
import { AuditTable } from './audit-table.js'
import { AuditFields, emptySearch, paramsOf, type SearchFields } from './audit-search.js'
import { saveFile } from './save-file.js'
import { Failure } from '../failure.js'
import { words } from './words.js'

/** The audit: `#/audit/user/12345` and `#/audit/request/ID` follow a user and a request. */
export default function AuditPage({ rest: [kind, value] }: PageProps) {
  const first = {
    ...emptySearch,
    ...(value !== undefined && { [kind === 'user' ? 'user' : 'request_id']: value }),
  }
  return <Audit key={`${kind} ${value}`} first={first} />
}

function Audit({ first }: { readonly first: SearchFields }) {
  const text = useTexts(words)
  const [search, setSearch] = useState(first)
  const [place, setPlace] = useState('')
  const { load, again } = useLoad(JSON.stringify([search, place]), () =>
    call('manage.console.audit.list', {
      ...paramsOf(search),
      before: place,
    }),
  )
  const find = (search: SearchFields) => {
    setSearch(search)
    setPlace('')
    again()
  }
  return (
    <Stack>
      <Title order={2} size="h3">
        {text.audit}
      </Title>
      <AuditFields key={JSON.stringify(search)} first={search} onFind={find} />
      <Loaded load={load} again={again}>
        {({ items, next }) => (
          <>
            {items.length === 0 ? (
              <Text role="status">{text.noEntries}</Text>
            ) : (
              <AuditTable entries={items} onFollow={(part) => find({ ...emptySearch, ...part })} />
            )}
            <Group>
              {place !== '' && (
                <Button variant="default" onClick={() => setPlace('')}>
                  {text.newest}
                </Button>
              )}
              {next !== '' && (
                <Button variant="default" onClick={() => setPlace(next)}>
                  {text.older}
                </Button>
              )}
              {items.length > 0 && <Download search={search} />}
            </Group>
          </>
        )}
      </Loaded>
    </Stack>
  )
}

function Download({ search }: { readonly search: SearchFields }) {
  const text = useTexts(words)
  const { may } = useSession()
  const [isPartly, setPartly] = useState(false)
  const { run, isBusy, failure } = useAttempt(async () => {
    const { csv, is_whole } = await call('manage.console.audit.export', paramsOf(search))
    setPartly(!is_whole)
    saveFile('audit.csv', 'text/csv', csv)
  })
  if (!may('manage.console.audit.export')) return null
  return (
    <>
      <Button variant="default" loading={isBusy} onClick={run}>
        {text.download}
      </Button>
      {isPartly && <Text role="status">{text.partly}</Text>}
      <Failure reason={failure} />
    </>
  )
}
