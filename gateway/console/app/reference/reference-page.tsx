import { Alert, Anchor, Button, Loader, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { MethodList } from './method-list.js'
import { MethodPage } from './method-page.js'
import type { Caller } from '../call/signed-call.js'
import { useMethods } from './use-methods.js'
import { useWords } from '../words.js'

interface Props {
  readonly chosen: string | undefined
  readonly caller: Caller
  readonly onCaller: (caller: Caller) => void
}

/** The list of methods, and the one that is chosen. */
export function ReferencePage({ chosen, caller, onCaller }: Props) {
  const text = useWords()
  const { state, again } = useMethods()
  if (state.kind === 'loading')
    return (
      <Stack className="page" role="status" align="center">
        <Loader />
        <Text>{state.isSlow ? text.slow : text.loading}</Text>
      </Stack>
    )
  if (state.kind === 'failed')
    return (
      <Stack className="page">
        <Alert color="red" title={text.failed} role="alert">
          {state.reason}
        </Alert>
        <Button onClick={again}>{text.again}</Button>
      </Stack>
    )
  const method = state.methods.find(({ name }) => name === chosen)
  const hint = chosen === undefined ? text.choose : text.unknownMethod
  return (
    <main className={chosen === undefined ? 'body' : 'body chosen'}>
      <MethodList methods={state.methods} chosen={chosen} />
      <section className="page">
        {chosen !== undefined && (
          <Anchor className="narrow" href="#/">
            ← {text.back}
          </Anchor>
        )}
        {method ? (
          <MethodPage key={method.name} method={method} caller={caller} onCaller={onCaller} />
        ) : (
          <Hint>{hint}</Hint>
        )}
      </section>
    </main>
  )
}

function Hint({ children }: { readonly children: ReactNode }) {
  return <Text c="dimmed">{children}</Text>
}
