import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { WideTable } from '../../reference/wide-table.js'
import { useTexts } from '../../words.js'
import { ask } from '../access/ask.js'
import { useSession } from '../session.js'
import { useAttempt } from '../sign-in/attempt.js'
import { Act } from '../users/act.js'
import { Loaded } from '../users/loaded.js'
import { Section } from '../users/section.js'
import { useTime } from '../users/times.js'
import { useLoad } from '../users/use-load.js'
import { words } from './words.js'

interface Block {
  readonly address: string
  readonly reason: string
  /** Milliseconds; of `expires_at` 0: until unblocked. */
  readonly created_at: number
  readonly expires_at: number
}

/** The addresses that the gateway answers with nothing. */
export function Blocks() {
  const text = useTexts(words)
  const time = useTime()
  const { may } = useSession()
  const { load, again } = useLoad('blocks', () =>
    ask<{ items: readonly Block[] }>('manage.console.ipBlock.list'),
  )
  return (
    <Section title={text.blocks}>
      <Loaded load={load} again={again}>
        {({ items }) =>
          items.length === 0 ? (
            <Text role="status">{text.noBlocks}</Text>
          ) : (
            <WideTable
              label={text.blocks}
              heads={[text.address, text.reason, text.since, text.until, text.unblock]}
              rows={items.map(({ address, reason, created_at, expires_at }) => [
                address,
                reason,
                time(created_at),
                expires_at === 0 ? text.forGood : time(expires_at),
                <Act
                  key="unblock"
                  label={text.unblock}
                  of={address}
                  method="manage.console.ipBlock.remove"
                  params={{ address }}
                  onDone={again}
                />,
              ])}
            />
          )
        }
      </Loaded>
      {may('manage.console.ipBlock.add') && <NewBlock onDone={again} />}
    </Section>
  )
}

const nothing = { address: '', hours: '', reason: '' }

function NewBlock({ onDone }: { readonly onDone: () => void }) {
  const text = useTexts(words)
  const [block, setBlock] = useState(nothing)
  const field = (name: keyof typeof nothing) => ({
    value: block[name],
    onChange: ({ currentTarget: { value } }: { readonly currentTarget: { readonly value: string } }) =>
      setBlock((block) => ({ ...block, [name]: value })),
  })
  const { submit, isBusy, failure } = useAttempt(async () => {
    const { hours, ...params } = block
    await ask('manage.console.ipBlock.add', {
      ...params,
      ...(hours.trim() !== '' && { hours: hours.trim() }),
    })
    setBlock(nothing)
    onDone()
  })
  return (
    <form onSubmit={submit} aria-label={text.block}>
      <Stack>
        <div className="fields">
          <TextInput label={text.address} placeholder="203.0.113.0/24" required {...field('address')} />
          <TextInput
            label={text.hours}
            placeholder={text.hoursHint}
            inputMode="decimal"
            {...field('hours')}
          />
          <TextInput label={text.reason} maxLength={255} {...field('reason')} />
        </div>
        {failure !== undefined && (
          <Alert color="red" role="alert">
            {failure}
          </Alert>
        )}
        <Group>
          <Button type="submit" loading={isBusy}>
            {text.block}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
