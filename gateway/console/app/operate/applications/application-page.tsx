import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { WideTable } from '../../reference/wide-table.js'
import { useTexts } from '../../words.js'
import { ask } from '../access/ask.js'
import { useSession } from '../session.js'
import { Act } from '../users/act.js'
import { Loaded } from '../users/loaded.js'
import { Facts, Section } from '../users/section.js'
import { useTime } from '../users/times.js'
import { useLoad } from '../users/use-load.js'
import { type ApplicationForm, type CalledApplication, formOf, paramsOf } from './application.js'
import { ApplicationFields } from './application-form.js'
import { NewSecret } from './new-secret.js'
import { words } from './words.js'

/** One application: what it may do, who calls in its name, and its secrets. */
export function ApplicationPage({ name }: { readonly name: string }) {
  const text = useTexts(words)
  const { load, again } = useLoad(`application ${name}`, () =>
    ask<CalledApplication>('manage.console.application.get', { name }),
  )
  return (
    <Stack>
      <Anchor href="#/applications">{text.back}</Anchor>
      <Title order={2} size="h3" className="name">
        {name}
      </Title>
      <Loaded load={load} again={again}>
        {(app) => (
          <>
            <Application app={app} again={again} />
            <Callers app={app} />
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
  const [isEditing, setEditing] = useState(false)
  const [isSaved, setSaved] = useState(false)
  const save = async (form: ApplicationForm) => {
    await ask('manage.console.application.edit', paramsOf(form))
    setEditing(false)
    setSaved(true)
    again()
  }
  const onRotated = (data: unknown) => {
    setSecret((data as { readonly secret: string }).secret)
    again()
  }
  return (
    <Section title={app.name}>
      {secret !== undefined && (
        <NewSecret of={app.name} secret={secret} onKept={() => setSecret(undefined)} />
      )}
      <ApplicationFacts app={app} />
      <Text role="status" className="unseen">
        {isSaved ? text.saved : ''}
      </Text>
      {isEditing ? (
        <ApplicationFields form={formOf(app)} isKnown onSave={save} onCancel={() => setEditing(false)} />
      ) : (
        <Group align="flex-start">
          {may('manage.console.application.edit') && (
            <Button size="xs" variant="default" onClick={() => setEditing(true)}>
              {text.change}
            </Button>
          )}
          <Acts app={app} again={again} onRotated={onRotated} />
          {may('manage.console.watch.start') && (
            <Anchor href={`#/watch/app/${encodeURIComponent(app.name)}`}>{text.watch}</Anchor>
          )}
        </Group>
      )}
    </Section>
  )
}

function Acts({ app, again, onRotated }: Props & { readonly onRotated: (data: unknown) => void }) {
  const text = useTexts(words)
  const { name, enabled, live_secrets: secrets } = app
  const method = (action: string) => `manage.console.application.${action}`
  return (
    <>
      <Act
        label={text.rotate}
        method={method('rotate')}
        params={{ name }}
        sure={secrets > 1 ? text.rotateTwo : text.rotateSure}
        onDone={(_label, data) => onRotated(data)}
      />
      {secrets > 1 && (
        <Act
          label={text.retire}
          method={method('retire')}
          params={{ name }}
          sure={text.retireSure}
          onDone={again}
        />
      )}
      {enabled ? (
        <Act
          label={text.disable}
          method={method('editState')}
          params={{ name, enabled: false }}
          sure={text.disableSure}
          onDone={again}
        />
      ) : (
        <Act
          label={text.enable}
          method={method('editState')}
          params={{ name, enabled: true }}
          onDone={again}
        />
      )}
    </>
  )
}

function ApplicationFacts({ app }: { readonly app: CalledApplication }) {
  const text = useTexts(words)
  const time = useTime()
  const lost = app.unreadable_secrets > 0 ? `, ${app.unreadable_secrets} ${text.unreadable}` : ''
  return (
    <Facts
      facts={[
        [text.state, app.enabled ? text.enabled : text.disabled],
        [text.scheme, app.scheme],
        [text.trust, text[app.trust]],
        [text.secrets, `${app.live_secrets} ${text.live}${lost}`],
        [text.lastSeen, app.last_seen_at === 0 ? text.never : time(app.last_seen_at)],
        [text.calls, app.calls],
        [text.addresses, app.addresses.join(', ') || text.any],
        [text.codeLength, app.code_length || 'CODE_LENGTH'],
        [text.recut, text[app.recut]],
        [text.queryCredentials, text[app.query_credentials]],
        [text.registered, time(app.registered_at)],
        [text.changed, time(app.changed_at)],
        [text.grants, app.grants.join(', ')],
      ]}
    />
  )
}

function Callers({ app: { callers, query_callers } }: { readonly app: CalledApplication }) {
  const text = useTexts(words)
  const time = useTime()
  const counts = [text.calls, text.firstSeen, text.lastSeen]
  return (
    <div className="sections">
      <Section title={text.callers}>
        {callers.length === 0 ? (
          <Text>{text.noCallers}</Text>
        ) : (
          <WideTable
            label={text.callers}
            heads={[text.version, ...counts]}
            rows={callers.map(({ version, calls, first_seen_at, last_seen_at }) => [
              version || text.noVersion,
              calls,
              time(first_seen_at),
              time(last_seen_at),
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
              time(first_seen_at),
              time(last_seen_at),
            ])}
          />
        )}
      </Section>
    </div>
  )
}
