import { Button, Title } from '@mantine/core'
import { type MouseEvent, lazy, Suspense, useEffect, useRef, useState } from 'react'
import { DoctorPage } from './doctor-page.js'
import { ReferencePage } from './reference/reference-page.js'
import type { Caller } from './call/signed-call.js'
import { useDemoCaller } from './call/demo-caller.js'
import { Navigation } from './navigation.js'
import { focusContent } from './focus-content.js'
import { LoadFailure } from './operate/load-failure.js'
import { operatePages } from './operate/pages.js'
import { SessionProvider } from './operate/session.js'
import { browserLanguage, type Language, LanguageContext, words } from './words.js'

const nobody: Caller = { app: '', scheme: 'legacy', secret: '', token: '' }

const Operate = lazy(() => import('./operate/operate.js'))

/** The whole page: a head, and what the address behind `#` names. */
export function Console() {
  const [language, setLanguage] = useState<Language>(browserLanguage)
  const [caller, setCaller] = useState(nobody)
  const place = usePlace()
  useDemoCaller(setCaller)
  const text = words[language]
  const operated = operatePages.find(({ path }) => path === place.page)
  const method = place.page === 'method' ? place.rest[0] : undefined
  const name = operated?.[language] ?? method ?? (place.page === 'doctor' ? text.doctor : text.reference)
  useEffect(() => {
    document.documentElement.lang = language
    document.title = `${name} · passport-gateway`
  }, [language, name])
  return (
    <LanguageContext value={language}>
      <SessionProvider>
        <div className="shell">
          <a className="skip" href="#content" onClick={skip}>
            {text.skip}
          </a>
          <header className="head">
            <Title order={1} size="h4">
              passport-gateway · {text.title}
            </Title>
            <Button
              className="end"
              variant="default"
              size="xs"
              onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}
            >
              {text.language}
            </Button>
            <Navigation page={operated?.path ?? (place.page === 'doctor' ? 'doctor' : 'reference')} />
          </header>
          <div className="content" id="content" tabIndex={-1}>
            {operated ? (
              <LoadFailure key={operated.path}>
                <Suspense>
                  <Operate page={operated} rest={place.rest} />
                </Suspense>
              </LoadFailure>
            ) : place.page === 'doctor' ? (
              <DoctorPage caller={caller} onCaller={setCaller} />
            ) : (
              <ReferencePage chosen={method} caller={caller} onCaller={setCaller} />
            )}
          </div>
        </div>
      </SessionProvider>
    </LanguageContext>
  )
}

function skip(event: MouseEvent): void {
  // An address behind `#` names a page.
  event.preventDefault()
  focusContent()
}

interface Place {
  /** The first part of the address behind `#/`. */
  readonly page: string
  /** The parts behind it. */
  readonly rest: readonly string[]
}

function usePlace(): Place {
  const [place, setPlace] = useState(readPlace)
  useEffect(() => {
    const onChange = () => setPlace(readPlace())
    window.addEventListener('hashchange', onChange)
    return () => window.removeEventListener('hashchange', onChange)
  }, [])
  const isFirst = useRef(true)
  useEffect(() => {
    if (!isFirst.current) focusContent()
    isFirst.current = false
  }, [place])
  return place
}

function readPlace(): Place {
  const [, page = '', ...rest] = window.location.hash.split('/')
  return { page, rest: rest.filter((part) => part !== '').map(decode) }
}

/** What is no escaped text stands for itself: anybody can write an address. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
