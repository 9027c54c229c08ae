import { Loader, Stack, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useWords } from '../words.js'

/** How long a page waits before it says that the server is slow, in milliseconds. */
const patience = 3000

/** What stands where something is still to come. */
export function Waiting() {
  const text = useWords()
  const [isSlow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), patience)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Stack role="status" align="center" p="xl">
      <Loader />
      <Text>{isSlow ? text.slow : text.loading}</Text>
    </Stack>
  )
}
