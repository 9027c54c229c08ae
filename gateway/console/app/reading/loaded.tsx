import type { ReactNode } from 'react'
import { Failed } from './failed.js'
import type { Load } from './use-load.js'
import { Waiting } from './waiting.js'

interface Props<Data> {
  readonly load: Load<Data>
  readonly again: () => void
  /** What could not be read, where that is not to be seen. */
  readonly failed?: string | undefined
  readonly children: (data: Data) => ReactNode
}

/** What has been read, or that it is still being read, or why it could not be. */
export function Loaded<Data>({ load, again, failed, children }: Props<Data>) {
  if (load.kind === 'loading') return <Waiting />
  const reason = load.kind === 'read' ? load.failure : load.reason
  return (
    <>
      {reason !== undefined && <Failed title={failed} reason={reason} again={again} />}
      {load.kind === 'read' && children(load.data)}
    </>
  )
}
