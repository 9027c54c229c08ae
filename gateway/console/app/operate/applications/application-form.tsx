import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../words.js'
import { useAttempt } from '../attempt.js'
import type { ApplicationForm } from './application.js'
import { GrantTree } from './grant-tree.js'
import { Failure } from '../failure.js'
import { words } from './words.js'

interface Props {
  readonly form: ApplicationForm
  /** Whether it is registered: then its name and scheme stay. */
  readonly isKnown: boolean
  readonly onSave: (form: ApplicationForm) => Promise<void>
  readonly onCancel: () => void
}

/** What an application is, may call and is refused for. */
export function ApplicationFields({ form: first, isKnown, onSave, onCancel }: Props) {
  const text = useTexts(words)
  const [form, setForm] = useState(first)
  const { submit, isBusy, failure } = useAttempt(() => onSave(form))
  const field = (name: Exclude<keyof ApplicationForm, 'grants'>) => ({
    value: form[name],
    onChange: ({ currentTarget: { value } }: { readonly currentTarget: { readonly value: string } }) =>
      setForm((form) => ({ ...form, [name]: value })),
  })
  const rules = (...values: readonly ('report' | 'refuse' | 'accept')[]) =>
    values.map((value) => ({ value, label: text[value] }))
  const trusts = (['server', 'public'] as const).map((value) => ({ value, label: text[value] }))
  return (
    <form onSubmit={submit}>
      <Stack>
        {!isKnown && (
          <div className="two">
            <TextInput
              label={text.name}
              description={text.nameHint}
              required
              autoFocus
              autoComplete="off"
              {...field('name')}
            />
            <NativeSelect label={text.scheme} data={['hmac-sha256', 'legacy']} {...field('scheme')} />
          </div>
        )}
        <div className="two roomy">
          <NativeSelect label={text.trust} data={trusts} autoFocus={isKnown} {...field('trust')} />
          <TextInput label={text.addresses} description={text.addressesHint} {...field('addresses')} />
          <TextInput label={text.codeLength} description={text.codeLengthHint} {...field('codeLength')} />
          <NativeSelect label={text.recut} data={rules('refuse', 'report')} {...field('recut')} />
          <NativeSelect
            label={text.queryCredentials}
            data={rules('refuse', 'accept')}
            {...field('queryCredentials')}
          />
        </div>
        <GrantTree grants={form.grants} onChange={(grants) => setForm((form) => ({ ...form, grants }))} />
        <Failure reason={failure} />
        <Group>
          <Button type="submit" loading={isBusy}>
            {isKnown ? text.save : text.add}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {text.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
