import { Loader, Stack } from '@mantine/core'
import { useTexts } from '../words.js'
import { words } from './words.js'

/** What stands where something is still to come. */
export function Waiting() {
  const text = useTexts(words)
  return (
    <Stack role="status" align="center" p="xl">
      <Loader aria-label={text.loading} />
    </Stack>
  )
}
