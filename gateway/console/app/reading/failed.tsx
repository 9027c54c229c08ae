import { Alert, Button, Stack } from '@mantine/core'
import { useWords } from '../words.js'

interface Props {
  /** What could not be done, where that is not to be seen. */
  readonly title?: string | undefined
  readonly reason: string
  readonly again: () => void
}

/** What stands where something could not be read. */
export function Failed({ title, reason, again }: Props) {
  const text = useWords()
  return (
    <Stack>
      <Alert color="red" role="alert" title={title ?? text.failed}>
        {reason}
      </Alert>
      <Button className="start" onClick={again}>
        {text.again}
      </Button>
    </Stack>
  )
}
