import { Alert, Button, Group, Paper, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../words.js'
import { ask } from '../access/ask.js'
import { useSession } from '../session.js'
import { useAttempt } from '../sign-in/attempt.js'
import { Act } from '../users/act.js'
import { Loaded } from '../users/loaded.js'
import { useLoad } from '../users/use-load.js'
import { words } from './words.js'

interface Setting {
  readonly key: string
  readonly value: string
  readonly source: 'set' | 'shop' | 'default'
  readonly kind: string
  readonly meaning: string
}

/** The settings of the site that an operator changes without a restart. */
export default function SettingsPage() {
  const text = useTexts(words)
  const [search, setSearch] = useState('')
  const { load, again } = useLoad('settings', () =>
    ask<{ items: readonly Setting[] }>('manage.console.setting.list'),
  )
  const wanted = search.trim().toLowerCase()
  const fits = ({ key, value, meaning }: Setting) =>
    [key, value, meaning].some((part) => part.toLowerCase().includes(wanted))
  return (
    <Stack>
      <Title order={2} size="h3">
        {text.settings}
      </Title>
      <TextInput
        type="search"
        label={text.search}
        value={search}
        onChange={({ currentTarget }) => setSearch(currentTarget.value)}
      />
      <Loaded load={load} again={again}>
        {({ items }) => {
          const found = items.filter(fits)
          if (found.length === 0) return <Text role="status">{text.noSettings}</Text>
          return found.map((setting) => <SettingView key={setting.key} setting={setting} onChange={again} />)
        }}
      </Loaded>
    </Stack>
  )
}

interface Props {
  readonly setting: Setting
  readonly onChange: () => void
}

/** The most characters that are shown of a value: documents are long. */
const mostShown = 300

function SettingView({ setting, onChange }: Props) {
  const text = useTexts(words)
  const { may } = useSession()
  const [isEditing, setEditing] = useState(false)
  const { key, value, source, meaning } = setting
  const shown = value.length > mostShown ? `${value.slice(0, mostShown)}…` : value
  return (
    <Paper withBorder p="sm" component="section" aria-label={key}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Text fw={600} className="name">
            {key}
          </Text>
          <span className="state">{text[source]}</span>
        </Group>
        <Text size="sm" c="dimmed">
          {meaning}
        </Text>
        {isEditing ? (
          <Edit
            setting={setting}
            onEnd={(isChanged) => {
              setEditing(false)
              if (isChanged) onChange()
            }}
          />
        ) : (
          <>
            <pre className="block">{shown || `(${text.empty})`}</pre>
            <Group align="flex-start">
              {may('manage.console.setting.set') && (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`${text.change}: ${key}`}
                  onClick={() => setEditing(true)}
                >
                  {text.change}
                </Button>
              )}
              {source === 'set' && (
                <Act
                  label={text.unset}
                  of={key}
                  method="manage.console.setting.unset"
                  params={{ key }}
                  sure={text.unsetSure}
                  onDone={onChange}
                />
              )}
            </Group>
          </>
        )}
      </Stack>
    </Paper>
  )
}

function Edit({
  setting,
  onEnd,
}: {
  readonly setting: Setting
  readonly onEnd: (isChanged: boolean) => void
}) {
  const text = useTexts(words)
  const [value, setValue] = useState(setting.value)
  const { submit, isBusy, failure } = useAttempt(async () => {
    await ask('manage.console.setting.set', { key: setting.key, value })
    onEnd(true)
  })
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <Textarea
          label={text.value}
          rows={Math.min(12, 2 + value.split('\n').length)}
          value={value}
          onChange={({ currentTarget }) => setValue(currentTarget.value)}
        />
        {failure !== undefined && (
          <Alert color="red" role="alert">
            {failure}
          </Alert>
        )}
        <Group>
          <Button type="submit" size="xs" loading={isBusy}>
            {text.save}
          </Button>
          <Button size="xs" variant="default" onClick={() => onEnd(false)}>
            {text.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
