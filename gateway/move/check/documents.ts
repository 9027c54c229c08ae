import account from './documents/account-api.json' with { type: 'json' }
import passport from './documents/passport-api.json' with { type: 'json' }

/** Paths whose fields the page names, and not as the document has them (account.md §6, §11). */
const overruled: ReadonlySet<string> = new Set(
  ['list', 'listChatMsg', 'getMsgCount'].map((name) => `/front/account/userMessage/${name}`),
)

/** The documented data of a method or, beginning with a slash, of a path; undefined where none is documented. */
export function documentedData(name: string): unknown {
  if (!name.startsWith('/')) return passport.methods.find(({ method }) => method === name)?.example.data
  if (overruled.has(name)) return undefined
  const operation = account.operations.find(({ path }) => path === name)
  const data: unknown = (operation?.example as { data?: unknown } | undefined)?.data
  // An object without fields says nothing (account.md §11).
  return typeof data === 'object' && data !== null && Object.keys(data).length === 0 ? undefined : data
}
