import { Alert } from '@mantine/core'
import { type ComponentType, lazy, Suspense } from 'react'
import { useTexts } from '../words.js'
import type { PageProps } from './page-props.js'
import { type OperatePage, operatePages } from './pages.js'
import { Proof } from './sign-in/proof.js'
import { SignInPage } from './sign-in/sign-in-page.js'
import { useSession } from './session.js'
import { Failed } from '../reading/failed.js'
import { Waiting } from '../reading/waiting.js'
import { words } from './words.js'

const loaded = new Map<string, ComponentType<PageProps>>(
  operatePages.map(({ path, load }) => [path, lazy(load)]),
)

interface Props {
  readonly page: OperatePage
  readonly rest: readonly string[]
}

/** A page for administrators, or the way to sign in. */
export default function Operate({ page, rest }: Props) {
  const text = useTexts(words)
  const { state, failure, may, reload } = useSession()
  if (failure !== undefined)
    return (
      <main className="page">
        <Failed title={text.failed} reason={failure} again={reload} />
      </main>
    )
  if (!state) return <Waiting />
  if (state.stage !== 'full') return <SignInPage state={state} />
  const isOpen = ({ method }: OperatePage) => method === undefined || may(method)
  // Signing in leads to the first page, which not every role includes.
  const [first] = operatePages
  const shown = page === first && !isOpen(page) ? (operatePages.find(isOpen) ?? page) : page
  const Page = loaded.get(shown.path)
  return (
    <main className="page wide">
      {!isOpen(shown) || !Page ? (
        <Alert color="yellow" role="alert" title={text.noRights}>
          {text.noRightsHint}
        </Alert>
      ) : (
        <Suspense fallback={<Waiting />}>
          <Page key={shown.path} rest={shown === page ? rest : []} />
        </Suspense>
      )}
      <Proof />
    </main>
  )
}
