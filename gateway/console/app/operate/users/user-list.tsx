import { Button, Group, NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTexts } from '../../words.js'
import { Loaded } from '../../reading/loaded.js'
import { call } from '../calls.js'
import { UserTable } from './user-table.js'
import { useLoad } from '../../reading/use-load.js'
import { words } from './words.js'

/** What is looked for, and where the pages up to the one that is shown begin. */
export interface Search {
  readonly query: string
  /** Empty for every state. */
  readonly state: string
  readonly places: readonly string[]
}

export const firstSearch: Search = { query: '', state: '', places: [''] }

interface Props {
  readonly search: Search
  readonly onSearch: (search: Search) => void
}

/** The users that fit a text, or the newest, a page after the other. */
export function UserList({ search, onSearch }: Props) {
  const text = useTexts(words)
  const { load, again } = useLoad(JSON.stringify(search), () => {
    const { query, state, places } = search
    const params = { query, after: places.at(-1) ?? '', ...(state !== '' && { user_state: state }) }
    return call('manage.console.user.list', params)
  })
  const { places } = search
  return (
    <Stack>
      <Title order={2} size="h3">
        {text.users}
      </Title>
      <SearchForm search={search} onSearch={onSearch} />
      <Loaded load={load} again={again}>
        {({ items, next }) => (
          <>
            {items.length === 0 ? (
              <Text role="status">{search.query === '' ? text.noUsers : text.nobody}</Text>
            ) : (
              <UserTable users={items} isFound={search.query !== ''} />
            )}
            <Group>
              {places.length > 1 && (
                <Button
                  variant="default"
                  onClick={() => onSearch({ ...search, places: places.slice(0, -1) })}
                >
                  {text.previous}
                </Button>
              )}
              {next !== '' && (
                <Button variant="default" onClick={() => onSearch({ ...search, places: [...places, next] })}>
                  {text.next}
                </Button>
              )}
            </Group>
          </>
        )}
      </Loaded>
    </Stack>
  )
}

function SearchForm({ search, onSearch }: Props) {
  const text = useTexts(words)
  const [query, setQuery] = useState(search.query)
  const find = (event: FormEvent) => {
    event.preventDefault()
    onSearch({ ...firstSearch, query: query.trim() })
  }
  const states = [{ value: '', label: text.all }, ...[0, 2].map((state) => stateOption(text.states, state))]
  return (
    <form onSubmit={find} role="search">
      <Group align="flex-end">
        <TextInput
          className="find"
          type="search"
          label={text.query}
          value={query}
          onChange={({ currentTarget }) => setQuery(currentTarget.value)}
        />
        <Button type="submit">{text.find}</Button>
        {search.query === '' && (
          <NativeSelect
            label={text.state}
            data={states}
            value={search.state}
            onChange={({ currentTarget }) => onSearch({ ...firstSearch, state: currentTarget.value })}
          />
        )}
      </Group>
    </form>
  )
}

function stateOption(states: readonly string[], state: number) {
  return { value: String(state), label: states[state] ?? String(state) }
}
