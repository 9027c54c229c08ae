import { NavLink, Text, TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { Method } from './description.js'
import { useLanguage, useWords } from '../words.js'

interface Props {
  readonly methods: readonly Method[]
  readonly chosen: string | undefined
}

/** All methods by area, narrowed by a text that stands in the name, the title or the description. */
export function MethodList({ methods, chosen }: Props) {
  const text = useWords()
  const language = useLanguage()
  const [wanted, setWanted] = useState('')
  const shown = useMemo(() => methods.filter((method) => isFound(method, wanted)), [methods, wanted])
  const areas = [...new Set(shown.map(({ area }) => area))]
  return (
    <nav className="list" aria-label={text.reference}>
      <TextInput
        type="search"
        aria-label={text.search}
        placeholder={text.search}
        value={wanted}
        onChange={({ currentTarget }) => setWanted(currentTarget.value)}
      />
      <Text size="sm" c="dimmed" my="xs" role="status">
        {shown.length === 0 ? text.noMethods : `${shown.length} ${text.methods}`}
      </Text>
      {areas.map((area) => (
        <section key={area} aria-label={area}>
          <Text fw={700} size="sm" mt="sm">
            {area}
          </Text>
          {shown
            .filter((method) => method.area === area)
            .map(({ name, title }) => (
              <NavLink
                key={name}
                href={`#/method/${encodeURIComponent(name)}`}
                active={name === chosen}
                aria-current={name === chosen ? 'page' : undefined}
                label={name === area ? name : name.slice(area.length + 1)}
                description={title[language]}
              />
            ))}
        </section>
      ))}
    </nav>
  )
}

function isFound({ name, title, text }: Method, wanted: string): boolean {
  const needle = wanted.trim().toLowerCase()
  return [name, title.zh, title.en, text].some((part) => part.toLowerCase().includes(needle))
}
