import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../words.js'
import { Loaded } from '../../reading/loaded.js'
import { CertificatePictures } from './pictures.js'
import { Review } from './review.js'
import { Facts, Section } from '../section.js'
import { formatMoment } from '../times.js'
import { call } from '../calls.js'
import { UserLink } from '../links.js'
import type { WaitingCertificate } from './user-data.js'
import { useLoad } from '../../reading/use-load.js'
import { words } from './words.js'

/** The certificates that wait, each with its pictures and its review. */
export default function CertificatesPage() {
  const text = useTexts(words)
  const [places, setPlaces] = useState<readonly number[]>([0])
  const [done, setDone] = useState('')
  const { load, again } = useLoad(JSON.stringify(places), () =>
    call('manage.console.certificate.list', { after: places.at(-1) ?? 0 }),
  )
  const onDone = (label: string) => {
    setDone(`${text.done}: ${label}`)
    again()
  }
  return (
    <Stack>
      <Title order={2} size="h3">
        {text.certificates}
      </Title>
      <Text role="status" fw={600} className={done === '' ? 'unseen' : undefined}>
        {done}
      </Text>
      <Loaded load={load} again={again}>
        {({ items, next }) => (
          <>
            {items.length === 0 && <Text>{text.noneWaits}</Text>}
            {items.map((item) => (
              <WaitingReview
                key={item.user_id}
                item={item}
                onDone={(label) => onDone(`${label} · ${item.user_id}`)}
              />
            ))}
            <Group>
              {places.length > 1 && (
                <Button variant="default" onClick={() => setPlaces(places.slice(0, -1))}>
                  {text.previous}
                </Button>
              )}
              {next !== 0 && (
                <Button variant="default" onClick={() => setPlaces([...places, next])}>
                  {text.next}
                </Button>
              )}
            </Group>
          </>
        )}
      </Loaded>
    </Stack>
  )
}

interface WaitingProps {
  readonly item: WaitingCertificate
  readonly onDone: (label: string) => void
}

function WaitingReview({ item, onDone }: WaitingProps) {
  const text = useTexts(words)
  const name = item.user_nickname || text.unnamed
  return (
    <Section title={`${name} · ${item.user_id}`}>
      <UserLink id={item.user_id}>{item.user_account}</UserLink>
      <Facts
        facts={[
          [text.realname, item.realname || '–'],
          [text.idcard, item.idcard || '–'],
          [text.submitted, formatMoment(item.submit_time)],
        ]}
      />
      <CertificatePictures pictures={item.pictures} />
      <Review userId={item.user_id} onDone={onDone} />
    </Section>
  )
}
