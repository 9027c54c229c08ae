import { Alert, Button } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { useWords } from '../words.js'

interface State {
  readonly hasFailed: boolean
}

/**
 * Stands around what is loaded when it is first shown: of a server that was upgraded meanwhile, a page that is open asks
 * for files that are gone. React knows such a component by its class alone.
 */
export class LoadFailure extends Component<{ readonly children: ReactNode }, State> {
  override readonly state: State = { hasFailed: false }

  static getDerivedStateFromError(): State {
    return { hasFailed: true }
  }

  override render(): ReactNode {
    return this.state.hasFailed ? <Failure /> : this.props.children
  }
}

function Failure() {
  const text = useWords()
  return (
    <main className="page">
      <Alert color="red" role="alert" title={text.pageFailed}>
        <Button onClick={() => window.location.reload()}>{text.again}</Button>
      </Alert>
    </main>
  )
}
