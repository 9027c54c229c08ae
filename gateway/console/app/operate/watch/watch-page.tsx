import { Stack, Text, Title } from '@mantine/core'
import { useTexts } from '../../words.js'
import { LiveWatches } from './live-watches.js'
import { StartForm } from './start-form.js'
import { WatchedCalls } from './watched-calls.js'
import { words } from './words.js'

interface Props {
  readonly rest: readonly string[]
}

/** `#/watch`; `#/watch/user/12345` and `#/watch/app/web` fill the form in, `#/watch/ID` shows a watch. */
export default function WatchPage({ rest: [first, second] }: Props) {
  const text = useTexts(words)
  const isForm = first === undefined || first === 'user' || first === 'app'
  return (
    <Stack>
      <Title order={2} size="h3">
        {text.title}
      </Title>
      <Text size="sm">{text.hint}</Text>
      <StartForm
        key={`${first} ${second}`}
        kind={first === 'user' ? 'user' : 'app'}
        subject={isForm ? (second ?? '') : ''}
      />
      {!isForm && <WatchedCalls key={first} watchId={first} />}
      <LiveWatches shown={first} />
    </Stack>
  )
}
