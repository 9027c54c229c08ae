import { Anchor, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useSession } from './session.js'

interface UserLinkProps {
  readonly id: number | string
  /** The id, unless told otherwise. */
  readonly children?: ReactNode
}

/** Leads to all that is known of a user; only words for those whose role does not include that. */
export function UserLink({ id, children = id }: UserLinkProps) {
  const { may } = useSession()
  const isOpen = may('manage.console.user.list') && may('manage.console.user.get')
  return <Place address={isOpen ? `#/users/${id}` : undefined}>{children}</Place>
}

/** Leads to what a request has left in the audit; only its id for those whose role does not include that. */
export function RequestLink({ id }: { readonly id: string }) {
  const { may } = useSession()
  const isOpen = may('manage.console.audit.list')
  return <Place address={isOpen ? `#/audit/request/${encodeURIComponent(id)}` : undefined}>{id}</Place>
}

interface PlaceProps {
  readonly address: string | undefined
  readonly children: ReactNode
}

function Place({ address, children }: PlaceProps) {
  if (address === undefined)
    return (
      <Text span inherit className="name">
        {children}
      </Text>
    )
  return (
    <Anchor inherit href={address} className="name">
      {children}
    </Anchor>
  )
}
