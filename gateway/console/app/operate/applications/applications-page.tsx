import { Anchor, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { WideTable } from '../../wide-table.js'
import { useTexts } from '../../words.js'
import { call } from '../calls.js'
import type { PageProps } from '../page-props.js'
import { useSession } from '../session.js'
import { Loaded } from '../../reading/loaded.js'
import { useLoad } from '../../reading/use-load.js'
import { type Application, type ApplicationForm, emptyForm, lastSeenOf, paramsOf } from './application.js'
import { useEditing } from '../editing.js'
import { ApplicationFields } from './application-form.js'
import { ApplicationPage } from './application-page.js'
import { NewSecret } from './new-secret.js'
import { words } from './words.js'

/** The applications, or the one whose name stands in the address. */
export default function ApplicationsPage({ rest: [name] }: PageProps) {
  return name === undefined ? <Applications /> : <ApplicationPage key={name} name={name} />
}

function Applications() {
  const text = useTexts(words)
  const { may } = useSession()
  const adding = useEditing()
  const [made, setMade] = useState<{ readonly name: string; readonly secret: string }>()
  const { load, again } = useLoad('applications', () => call('manage.console.application.list'))
  const add = async (form: ApplicationForm) => {
    const { secret } = await call('manage.console.application.add', paramsOf(form))
    setMade({ name: form.name.trim(), secret })
    adding.end()
    again()
  }
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={2} size="h3">
          {text.title}
        </Title>
        {may('manage.console.application.add') && !adding.isOpen && (
          <Button autoFocus={adding.wasOpen && !made} onClick={adding.begin}>
            {text.add}
          </Button>
        )}
      </Group>
      {made && <NewSecret of={made.name} secret={made.secret} onKept={() => setMade(undefined)} />}
      {adding.isOpen && (
        <Paper withBorder p="md">
          <ApplicationFields form={emptyForm} isKnown={false} onSave={add} onCancel={adding.end} />
        </Paper>
      )}
      <Loaded load={load} again={again}>
        {({ items }) =>
          items.length === 0 ? <Text role="status">{text.none}</Text> : <ApplicationTable apps={items} />
        }
      </Loaded>
    </Stack>
  )
}

function ApplicationTable({ apps }: { readonly apps: readonly Application[] }) {
  const text = useTexts(words)
  const heads = [
    text.name,
    text.state,
    text.lastSeen,
    text.calls,
    text.scheme,
    text.trust,
    text.secrets,
    text.grants,
  ]
  const rows = apps.map((app) => [
    <Anchor key="name" inherit className="name" href={`#/applications/${encodeURIComponent(app.name)}`}>
      {app.name}
    </Anchor>,
    <span key="state" className={app.enabled ? 'state' : 'state state-locked'}>
      {app.enabled ? text.enabled : text.disabled}
    </span>,
    lastSeenOf(app, text),
    app.calls,
    app.scheme,
    app.trust,
    app.live_secrets,
    app.grants.join(', '),
  ])
  return <WideTable label={text.title} heads={heads} rows={rows} />
}
