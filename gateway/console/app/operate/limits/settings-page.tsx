import { Button, Group, Paper, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useLanguage, useTexts } from '../../words.js'
import { call, type Results } from '../calls.js'
import { useSession } from '../session.js'
import { useAttempt } from '../attempt.js'
import { Act } from '../act.js'
import { Loaded } from '../../reading/loaded.js'
import { useLoad } from '../../reading/use-load.js'
import { useEditing } from '../editing.js'
import { Failure } from '../failure.js'
import { words } from './words.js'

type Setting = Results['manage.console.setting.list']['items'][number]

/** The settings of the site that an operator changes without a restart. */
export default function SettingsPage() {
  const text = useTexts(words)
  const [search, setSearch] = useState('')
  const { load, again } = useLoad('settings', () => call('manage.console.setting.list'))
  const wanted = search.trim().toLowerCase()
  const fits = ({ key, value, meaning, meaning_zh }: Setting) =>
    [key, value, meaning, meaning_zh].some((part) => part.toLowerCase().includes(wanted))
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
          return (
            <div className="sections small">
              {found.map((setting) => (
                <SettingView key={setting.key} setting={setting} onChange={again} />
              ))}
            </div>
          )
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
  const editing = useEditing()
  const language = useLanguage()
  const { key, value, source } = setting
  const meaning = setting[language === 'zh' ? 'meaning_zh' : 'meaning']
  const shown = value.length > mostShown ? `${value.slice(0, mostShown)}…` : value
  return (
    <Paper withBorder p="sm" component="section" aria-label={key}>
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Text fw={600} className="name">
            {key}
          </Text>
          <span className="state">{text[source]}</span>
        </Group>
        <Text size="sm" c="dimmed">
          {meaning}
        </Text>
        {editing.isOpen ? (
          <Edit
            setting={setting}
            onEnd={(isChanged) => {
              editing.end()
              if (isChanged) onChange()
            }}
          />
        ) : (
          <>
            {shown === '' ? (
              <Text size="sm">({text.empty})</Text>
            ) : (
              <pre className="block" tabIndex={0}>
                {shown}
              </pre>
            )}
            <Group align="flex-start" gap="xs">
              {may('manage.console.setting.set') && (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`${text.change}: ${key}`}
                  autoFocus={editing.wasOpen}
                  onClick={editing.begin}
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
    await call('manage.console.setting.set', { key: setting.key, value })
    onEnd(true)
  })
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <Textarea
          label={text.value}
          autoFocus
          rows={Math.min(12, 2 + value.split('\n').length)}
          value={value}
          onChange={({ currentTarget }) => setValue(currentTarget.value)}
        />
        <Failure reason={failure} />
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
