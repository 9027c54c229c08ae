import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { WideTable } from '../../wide-table.js'
import { useTexts } from '../../words.js'
import { call } from '../calls.js'
import { useSession } from '../session.js'
import { useAttempt } from '../attempt.js'
import { Act } from '../act.js'
import { Loaded } from '../../reading/loaded.js'
import { Section } from '../section.js'
import { formatMoment } from '../times.js'
import { useLoad } from '../../reading/use-load.js'
import { Failure } from '../failure.js'
import { words } from './words.js'

/** The addresses that the gateway answers with nothing. */
export function Blocks() {
  const text = useTexts(words)
  const { may } = useSession()
  const { load, again } = useLoad('blocks', () => call('manage.console.ipBlock.list'))
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
                formatMoment(created_at),
                expires_at === 0 ? text.forGood : formatMoment(expires_at),
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
    await call('manage.console.ipBlock.add', {
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
        <Failure reason={failure} />
        <Group>
          <Button type="submit" loading={isBusy}>
            {text.block}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
