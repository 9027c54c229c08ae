import { Alert, Button, List, Stack, Text, Textarea, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type Diagnosis, diagnose } from '../../cli/sign/doctor.js'
import { readPairs } from '../../cli/sign/recipe.js'
import { CallerFields } from './call/caller-fields.js'
import { Block } from './call/exchange.js'
import type { Caller } from './call/signed-call.js'
import { useWords } from './words.js'

interface Props {
  readonly caller: Caller
  readonly onCaller: (caller: Caller) => void
}

type Finding = Diagnosis | 'no URL' | 'no caller'

/** Says which mistake a refused call has, as `cli sign check` does; nothing leaves the page. */
export function DoctorPage({ caller, onCaller }: Props) {
  const text = useWords()
  const [url, setUrl] = useState('')
  const [form, setForm] = useState('')
  const [finding, setFinding] = useState<Finding>()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setFinding(examine(url, form, caller))
  }
  return (
    <main className="page">
      <Stack>
        <Title order={2} size="h3">
          {text.doctor}
        </Title>
        <Text>{text.doctorHint}</Text>
        <CallerFields caller={caller} onCaller={onCaller} withToken={false} />
        <form onSubmit={submit}>
          <Stack gap="sm">
            <Textarea
              label={text.refusedUrl}
              autosize={false}
              rows={4}
              required
              value={url}
              onChange={({ currentTarget }) => setUrl(currentTarget.value)}
            />
            <Textarea
              label={`${text.refusedForm} (${text.optional})`}
              autosize={false}
              rows={3}
              value={form}
              onChange={({ currentTarget }) => setForm(currentTarget.value)}
            />
            <Button type="submit" className="start">
              {text.examine}
            </Button>
          </Stack>
        </form>
        {finding && <FindingView finding={finding} />}
      </Stack>
    </main>
  )
}

/** The URL may be a whole one, a path, or the query alone. */
function examine(url: string, form: string, { app, scheme, secret }: Caller): Finding {
  if (app === '' || secret === '') return 'no caller'
  const [, path = '', query = ''] = /^(?:https?:\/\/[^/?]*)?([^?=]*)\??(.*)$/s.exec(url.trim()) ?? []
  const inQuery = query === '' && path.includes('=') ? path : query
  const pairs = [...readPairs(inQuery.replace(/#.*$/s, '')), ...readPairs(form.trim())]
  if (pairs.length === 0) return 'no URL'
  return diagnose({ path, pairs, now: Date.now() }, { name: app, scheme, secrets: [secret] }, [])
}

function FindingView({ finding }: { readonly finding: Finding }) {
  const text = useWords()
  if (finding === 'no URL' || finding === 'no caller')
    return (
      <Alert color="yellow" role="alert">
        {finding === 'no URL' ? text.noUrl : text.needAll}
      </Alert>
    )
  return (
    <Stack gap="sm" role="status">
      {finding.fits ? (
        <Alert color="green">{text.fits}</Alert>
      ) : (
        <Alert color="red" title={text.mistakes}>
          {finding.mistakes.length === 0 ? text.unexplained : <Lines lines={finding.mistakes} />}
        </Alert>
      )}
      {finding.warnings.length > 0 && (
        <Alert color="yellow" title={text.warnings}>
          <Lines lines={finding.warnings} />
        </Alert>
      )}
      <Title order={3} size="h5">
        {text.expected}
      </Title>
      <Block>{finding.text}</Block>
    </Stack>
  )
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <List>
      {lines.map((line) => (
        <List.Item key={line}>{line}</List.Item>
      ))}
    </List>
  )
}
