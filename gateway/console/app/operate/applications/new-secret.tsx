import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core'
import { CopyButton } from '../../copy-button.js'
import { focusContent } from '../../focus-content.js'
import { useTexts } from '../../words.js'
import { words } from './words.js'

interface Props {
  readonly of: string
  readonly secret: string
  readonly onKept: () => void
}

/** A secret that was just made. It is in the memory of the page only, and only until the user has kept it. */
export function NewSecret({ of, secret, onKept }: Props) {
  const text = useTexts(words)
  const keep = () => {
    onKept()
    focusContent()
  }
  return (
    <Alert color="yellow" role="alert" title={`${text.secret}: ${of}`}>
      <Stack gap="xs">
        <Text size="sm">{text.secretOnce}</Text>
        <Code className="block" data-secret>
          {secret}
        </Code>
        <Group>
          <CopyButton size="xs" autoFocus write={() => secret} />
          <Button size="xs" variant="default" onClick={keep}>
            {text.secretGone}
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}
