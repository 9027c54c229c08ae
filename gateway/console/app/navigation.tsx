import { Anchor, Group } from '@mantine/core'
import { useContext } from 'react'
import { operatePages } from './operate/pages.js'
import { useSession } from './operate/session.js'
import { LanguageContext, useWords } from './words.js'

/** The pages that are there for the reader; `page` is the one that is shown. */
export function Navigation({ page }: { readonly page: string }) {
  const text = useWords()
  const language = useContext(LanguageContext)
  const { state, may } = useSession()
  const isSignedIn = state?.stage === 'full'
  const operated = operatePages
    .filter(({ method }) => isSignedIn && (method === undefined || may(method)))
    .map(({ path, [language]: name }) => [path, name] as const)
  const links = [
    ['', text.reference],
    ['doctor', text.doctor],
    ...(isSignedIn ? operated : [['dashboard', text.signIn] as const]),
  ] as const
  return (
    <Group component="nav" gap="md" aria-label={text.title}>
      {links.map(([path, name]) => (
        <Anchor
          key={path}
          href={`#/${path}`}
          aria-current={(path || 'reference') === page ? 'page' : undefined}
        >
          {name}
        </Anchor>
      ))}
    </Group>
  )
}
