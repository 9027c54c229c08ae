import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTexts } from '../../words.js'
import { words } from './words.js'

/** What is looked for, as it is written; an empty field looks for nothing. */
export interface SearchFields {
  readonly user: string
  readonly actor: string
  readonly target: string
  readonly action: string
  readonly outcome: string
  readonly ip: string
  readonly request_id: string
  /** Of the browser's zone, `2026-11-20T10:00`. */
  readonly since: string
  readonly until: string
}

export const emptySearch: SearchFields = {
  user: '',
  actor: '',
  target: '',
  action: '',
  outcome: '',
  ip: '',
  request_id: '',
  since: '',
  until: '',
}

/** The parameters of `audit.list` and `audit.export`. A minute is included to its end. */
export function paramsOf({ since, until, ...texts }: SearchFields): object {
  const given = Object.entries(texts).map(([name, value]) => [name, value.trim()] as const)
  return {
    ...Object.fromEntries(given.filter(([, value]) => value !== '')),
    ...(since !== '' && { since: new Date(since).getTime() }),
    ...(until !== '' && { until: new Date(until).getTime() + 59_999 }),
  }
}

interface Props {
  readonly first: SearchFields
  readonly onFind: (search: SearchFields) => void
}

export function AuditFields({ first, onFind }: Props) {
  const text = useTexts(words)
  const [search, setSearch] = useState(first)
  const field = (name: keyof SearchFields) => ({
    value: search[name],
    onChange: ({ currentTarget: { value } }: { readonly currentTarget: { readonly value: string } }) =>
      setSearch((search) => ({ ...search, [name]: value })),
  })
  const find = (event: FormEvent) => {
    event.preventDefault()
    onFind(search)
  }
  return (
    <form onSubmit={find} role="search">
      <Stack>
        <div className="fields">
          <TextInput label={text.userId} inputMode="numeric" {...field('user')} />
          <TextInput label={text.actor} placeholder={text.actorHint} {...field('actor')} />
          <TextInput label={text.target} inputMode="numeric" {...field('target')} />
          <TextInput label={text.action} placeholder={text.actionHint} {...field('action')} />
          <TextInput label={text.outcome} {...field('outcome')} />
          <TextInput label={text.ip} {...field('ip')} />
          <TextInput label={text.requestId} {...field('request_id')} />
          <TextInput label={text.from} type="datetime-local" {...field('since')} />
          <TextInput label={text.until} type="datetime-local" {...field('until')} />
        </div>
        <Group>
          <Button type="submit">{text.find}</Button>
          <Button variant="default" onClick={() => onFind(emptySearch)}>
            {text.reset}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
