import { Alert, Badge, Code, Group, Stack, Tabs, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { asCurl, asPhp, asTypeScript } from './copies.js'
import { type Answer, encodeCall, type Sent, signCall } from './signed-call.js'
import { CopyButton } from '../copy-button.js'
import { useWords } from '../words.js'

interface Props {
  readonly sent: Sent
  readonly endpoint: string
}

/** What was signed and sent, what came back, and the call as programs to copy. */
export function Exchange({ sent, endpoint }: Props) {
  const text = useWords()
  const { call, caller, params, answer } = sent
  const { verb } = call
  const request =
    verb === 'GET' ? `GET ${endpoint}?${encodeCall(call)}` : `POST ${endpoint}\n\n${encodeCall(call)}`
  const toCopy = { method: call.method, params, caller, endpoint }
  const copies = {
    curl: () => asCurl(signCall({ method: call.method, verb, params }, caller, Date.now()), endpoint),
    PHP: () => asPhp(toCopy),
    TypeScript: () => asTypeScript(toCopy),
  }
  return (
    <Stack gap="sm" aria-live="polite">
      <AnswerView answer={answer} />
      <Tabs defaultValue="signed" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="signed">{text.signed}</Tabs.Tab>
          <Tabs.Tab value="request">{text.request}</Tabs.Tab>
          {Object.keys(copies).map((name) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="signed" pt="sm">
          <Text size="sm" c="dimmed">
            {call.signedText === undefined ? text.notSigned : text.signedHint}
          </Text>
          {call.signedText !== undefined && <Block>{call.signedText}</Block>}
        </Tabs.Panel>
        <Tabs.Panel value="request" pt="sm">
          <Block>{request}</Block>
        </Tabs.Panel>
        {Object.entries(copies).map(([name, write]) => (
          <Tabs.Panel key={name} value={name} pt="sm">
            <Program write={write} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Stack>
  )
}

/** A program to copy. What is copied is written at that moment: a nonce is good once, and may have been tried. */
function Program({ write }: { readonly write: () => string }) {
  const text = useWords()
  const [program] = useState(write)
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {text.copyHint}
      </Text>
      <Block>{program}</Block>
      <CopyButton write={write} />
    </Stack>
  )
}

function AnswerView({ answer }: { readonly answer: Sent['answer'] }) {
  const text = useWords()
  if (answer === undefined) return <Text role="status">{text.sending}</Text>
  if ('failure' in answer)
    return (
      <Alert color="red" title={text.unreachable} role="alert">
        {answer.failure}
      </Alert>
    )
  return (
    <div>
      <Group gap="xs" mb="xs">
        <Title order={4} size="h5">
          {text.answer}
        </Title>
        <Badge variant="default">HTTP {answer.status}</Badge>
        <Text size="sm" c="dimmed">
          {answer.milliseconds} {text.ms}
        </Text>
      </Group>
      <Block>{readable(answer)}</Block>
    </div>
  )
}

/** A text that keeps its lines, and can be scrolled by keyboard. */
export function Block({ children }: { readonly children: string }) {
  return (
    <Code block className="block" tabIndex={0}>
      {children}
    </Code>
  )
}

function readable({ text }: Answer): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    return text
  }
}
