import { Anchor, Button, Group, Title } from '@mantine/core'
import { useEffect, useState } from 'react'
import { DoctorPage } from './doctor-page.js'
import { ReferencePage } from './reference/reference-page.js'
import type { Caller } from './call/signed-call.js'
import { useDemoCaller } from './call/demo-caller.js'
import { browserLanguage, type Language, LanguageContext, words } from './words.js'

const nobody: Caller = { app: '', scheme: 'legacy', secret: '', token: '' }

/** The whole page: a head, and what the address behind `#` names. */
export function Console() {
  const [language, setLanguage] = useState<Language>(browserLanguage)
  const [caller, setCaller] = useState(nobody)
  const place = usePlace()
  useDemoCaller(setCaller)
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const text = words[language]
  return (
    <LanguageContext value={language}>
      <div className="shell">
        <header className="head">
          <Title order={1} size="h4">
            passport-gateway · {text.title}
          </Title>
          <Group component="nav" gap="md" aria-label={text.title}>
            <Anchor href="#/" aria-current={place.page === 'reference' ? 'page' : undefined}>
              {text.reference}
            </Anchor>
            <Anchor href="#/doctor" aria-current={place.page === 'doctor' ? 'page' : undefined}>
              {text.doctor}
            </Anchor>
          </Group>
          <span className="grow" />
          <Button variant="default" size="xs" onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}>
            {text.language}
          </Button>
        </header>
        {place.page === 'doctor' ? (
          <DoctorPage caller={caller} onCaller={setCaller} />
        ) : (
          <ReferencePage chosen={place.method} caller={caller} onCaller={setCaller} />
        )}
      </div>
    </LanguageContext>
  )
}

interface Place {
  readonly page: 'reference' | 'doctor'
  readonly method: string | undefined
}

function usePlace(): Place {
  const [place, setPlace] = useState(readPlace)
  useEffect(() => {
    const onChange = () => setPlace(readPlace())
    window.addEventListener('hashchange', onChange)
    return () => window.removeEventListener('hashchange', onChange)
  }, [])
  return place
}

function readPlace(): Place {
  const [, page = '', name] = window.location.hash.split('/')
  if (page === 'doctor') return { page, method: undefined }
  return { page: 'reference', method: page === 'method' && name ? decodeURIComponent(name) : undefined }
}
