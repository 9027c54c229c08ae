import { useState } from 'react'
import { firstSearch, UserList } from './user-list.js'
import { UserPage } from './page/user-page.js'

/** The users, or the one whose id stands in the address. What was looked for is there again on the way back. */
export default function UsersPage({ rest }: { readonly rest: readonly string[] }) {
  const [search, setSearch] = useState(firstSearch)
  const [id] = rest
  if (id !== undefined) return <UserPage key={id} userId={id} />
  return <UserList search={search} onSearch={setSearch} />
}
