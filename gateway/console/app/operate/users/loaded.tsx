import { Alert, Button, Loader, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../../words.js'
import type { Load } from './use-load.js'
import { words } from './words.js'

interface Props<Data> {
  readonly load: Load<Data>
  readonly again: () => void
  readonly children: (data: Data) => ReactNode
}

/** What has been read, or that it is still being read, or why it could not be. */
export function Loaded<Data>({ load, again, children }: Props<Data>) {
  const text = useTexts(words)
  if (load.kind === 'read') return children(load.data)
  if (load.kind === 'loading')
    return (
      <Stack role="status" align="center" p="xl">
        <Loader />
        <Text>{load.isSlow ? text.slow : text.loading}</Text>
      </Stack>
    )
  return (
    <Stack>
      <Alert color="red" role="alert" title={text.failed}>
        {load.reason}
      </Alert>
      <Button className="start" onClick={again}>
        {text.again}
      </Button>
    </Stack>
  )
}
