import { Alert } from '@mantine/core'

interface Props {
  readonly title?: string | undefined
  /** Undefined for what has not failed. */
  readonly reason: string | undefined
}

/** Why something that the user did has failed, if it has. */
export function Failure({ title, reason }: Props) {
  if (reason === undefined) return null
  return (
    <Alert color="red" role="alert" title={title}>
      {reason}
    </Alert>
  )
}
