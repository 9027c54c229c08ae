import { Anchor, Text } from '@mantine/core'
import { MethodList } from './method-list.js'
import { MethodPage } from './method-page.js'
import type { Caller } from '../call/signed-call.js'
import { Loaded } from '../reading/loaded.js'
import type { Method } from './description.js'
import { useMethods } from './use-methods.js'
import { useWords } from '../words.js'

interface Props {
  readonly chosen: string | undefined
  readonly caller: Caller
  readonly onCaller: (caller: Caller) => void
}

/** The list of methods, and the one that is chosen. */
export function ReferencePage(props: Props) {
  const text = useWords()
  const { load, again } = useMethods()
  if (load.kind === 'read') return <Reference {...props} methods={load.data} />
  return (
    <main className="page">
      <Loaded load={load} again={again} failed={text.descriptionFailed}>
        {() => null}
      </Loaded>
    </main>
  )
}

function Reference({ chosen, methods, caller, onCaller }: Props & { readonly methods: readonly Method[] }) {
  const text = useWords()
  const method = methods.find(({ name }) => name === chosen)
  return (
    <main className={chosen === undefined ? 'body' : 'body chosen'}>
      <MethodList methods={methods} chosen={chosen} />
      <section className="page" {...(chosen !== undefined && { id: 'method', tabIndex: -1 })}>
        {chosen !== undefined && (
          <Anchor className="narrow" href="#/">
            ← {text.back}
          </Anchor>
        )}
        {method ? (
          <MethodPage key={method.name} method={method} caller={caller} onCaller={onCaller} />
        ) : (
          <Text c="dimmed">{chosen === undefined ? text.choose : text.unknownMethod}</Text>
        )}
      </section>
    </main>
  )
}
