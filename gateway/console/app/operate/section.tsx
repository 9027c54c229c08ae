import { Paper, Stack, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

/** A part of a page, under a heading that names it. */
export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId()
  return (
    <Paper component="section" withBorder p="md" aria-labelledby={id}>
      <Stack>
        <Title order={3} size="h5" id={id} className="name">
          {title}
        </Title>
        {children}
      </Stack>
    </Paper>
  )
}

/** What stands behind each name. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="name">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
