import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../words.js'
import { call } from '../calls.js'
import { useSession } from '../session.js'
import { Act } from '../act.js'
import { Loaded } from '../../reading/loaded.js'
import { Facts, Section } from '../section.js'
import { formatMoment } from '../times.js'
import { useLoad } from '../../reading/use-load.js'
import {
  type ApplicationForm,
  type CalledApplication,
  formOf,
  lastSeenOf,
  paramsOf,
  reportOnlyOf,
} from './application.js'
import { useEditing } from '../editing.js'
import { ApplicationFields } from './application-form.js'
import { ApplicationCallers } from './application-callers.js'
import { NewSecret } from './new-secret.js'
import { words } from './words.js'

/** One application: what it may do, who calls in its name, and its secrets. */
export function ApplicationPage({ name }: { readonly name: string }) {
  const text = useTexts(words)
  const { load, again } = useLoad(`application ${name}`, () =>
    call('manage.console.application.get', { name }),
  )
  return (
    <Stack>
      <Anchor href="#/applications">← {text.back}</Anchor>
      <Title order={2} size="h3" className="name">
        {name}
      </Title>
      <Loaded load={load} again={again}>
        {(app) => (
          <>
            <Application app={app} again={again} />
            <ApplicationCallers app={app} />
          </>
        )}
      </Loaded>
    </Stack>
  )
}

interface Props {
  readonly app: CalledApplication
  readonly again: () => void
}

function Application({ app, again }: Props) {
  const text = useTexts(words)
  const { may } = useSession()
  const [secret, setSecret] = useState<string>()
  const editing = useEditing()
  const [isSaved, setSaved] = useState(false)
  const save = async (form: ApplicationForm) => {
    await call('manage.console.application.edit', paramsOf(form))
    editing.end()
    setSaved(true)
    again()
  }
  const onRotated = (secret: string) => {
    setSecret(secret)
    again()
  }
  return (
    <Section title={text.facts}>
      {secret !== undefined && (
        <NewSecret of={app.name} secret={secret} onKept={() => setSecret(undefined)} />
      )}
      <ApplicationFacts app={app} />
      <Text role="status" className="unseen">
        {isSaved ? text.saved : ''}
      </Text>
      {editing.isOpen ? (
        <ApplicationFields form={formOf(app)} isKnown onSave={save} onCancel={editing.end} />
      ) : (
        <Group align="flex-start">
          {may('manage.console.application.edit') && (
            <Button size="xs" variant="default" autoFocus={editing.wasOpen} onClick={editing.begin}>
              {text.change}
            </Button>
          )}
          <Acts app={app} again={again} onRotated={onRotated} />
          {may('manage.console.watch.start') && (
            <Anchor size="sm" className="beside" href={`#/watch/app/${encodeURIComponent(app.name)}`}>
              {text.watch}
            </Anchor>
          )}
        </Group>
      )}
    </Section>
  )
}

function Acts({ app, again, onRotated }: Props & { readonly onRotated: (secret: string) => void }) {
  const text = useTexts(words)
  const { name, enabled, live_secrets: secrets } = app
  return (
    <>
      <Act
        label={text.rotate}
        method="manage.console.application.rotate"
        params={{ name }}
        sure={secrets > 1 ? text.rotateTwo : text.rotateSure}
        onDone={(_label, { secret }) => onRotated(secret)}
      />
      {secrets > 1 && (
        <Act
          label={text.retire}
          method="manage.console.application.retire"
          params={{ name }}
          sure={text.retireSure}
          onDone={again}
        />
      )}
      {enabled ? (
        <Act
          label={text.disable}
          method="manage.console.application.editState"
          params={{ name, enabled: false }}
          sure={text.disableSure}
          onDone={again}
        />
      ) : (
        <Act
          label={text.enable}
          method="manage.console.application.editState"
          params={{ name, enabled: true }}
          onDone={again}
        />
      )}
    </>
  )
}

function ApplicationFacts({ app }: { readonly app: CalledApplication }) {
  const text = useTexts(words)
  const lost = app.unreadable_secrets > 0 ? `, ${app.unreadable_secrets} ${text.unreadable}` : ''
  return (
    <Facts
      facts={[
        [text.state, app.enabled ? text.enabled : text.disabled],
        [text.scheme, app.scheme],
        [text.trust, text[app.trust]],
        [text.secrets, `${app.live_secrets} ${text.live}${lost}`],
        [text.lastSeen, lastSeenOf(app, text)],
        [text.calls, app.calls],
        [text.addresses, app.addresses.join(', ') || text.any],
        [text.codeLength, app.code_length || text.asConfigured],
        [text.recut, text[app.recut]],
        [text.queryCredentials, text[app.query_credentials]],
        [text.reportOnly, reportOnlyOf(app, text)],
        [text.registered, formatMoment(app.registered_at)],
        [text.changed, formatMoment(app.changed_at)],
        [text.grants, app.grants.join(', ')],
      ]}
    />
  )
}
