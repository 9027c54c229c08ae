import { givenValues } from '../replay/known-values.js'
import { headerOf } from '../traffic/exchange.js'
import type { Exchange } from '../traffic/exchange.js'
import { valueKindOf } from '../traffic/sensitive.js'

type Answer = Exchange['answer']

/**
 * Which token and id of the candidate goes with which of the old server: a client knows the old one's alone. Nothing
 * of it is written anywhere, and the oldest are forgotten.
 */
export interface LiveValues {
  /** What the candidate gave in place of a token or id; undefined where it gave none. */
  candidateFor(name: string, value: string): string | undefined
  /** What the old server gave in place of it; the value itself where it gave none. */
  oldFor(name: string, value: string): string
  /** Takes tokens and ids of the candidate's answer for those that the old server gave at the same places. */
  learn(old: Answer, came: Answer): void
}

const mostPairs = 200_000

/** A token stands under many names, and is known by its length alone. */
const shortestToken = 16

export function createLiveValues(): LiveValues {
  const [candidates, olds] = [createBoundedMap(), createBoundedMap()]
  const pair = (name: string, old: string, came: string) => {
    if (old === '' || came === '' || old === came) return
    candidates.set(keyOf(name, old), came)
    olds.set(keyOf(name, came), old)
  }
  return {
    candidateFor: (name, value) => candidates.get(keyOf(name, value)),
    oldFor: (name, value) => olds.get(keyOf(name, value)) ?? value,
    learn(old, came) {
      const given = givenValues(textOf(came))
      for (const [place, leaf] of givenValues(textOf(old))) {
        const match = given.get(place)
        if (match?.kind === leaf.kind) pair(place.slice(0, place.lastIndexOf(' ')), leaf.text, match.text)
      }
      const [token, fresh] = [old, came].map(({ headers }) => bearer(headerOf(headers, 'authorization')))
      if (token && fresh) pair('token', token, fresh)
    },
  }
}

/** Ids of users are one kind under all their names; any other id is its own name's. */
function keyOf(name: string, value: string): string {
  if (value.length >= shortestToken || valueKindOf(name, 'answer') !== 'id') return `token ${value}`
  const isUser = /^(?:p?uid|user_?id|perm_id|user_?other_?id|friend_id)$/i.test(name)
  return `${isUser ? 'user' : name.toLowerCase().replaceAll('_', '')} ${value}`
}

function textOf({ body }: Answer): string {
  return body?.toString('utf8') ?? ''
}

function bearer(header: string | undefined): string | undefined {
  return header?.replace(/^bearer\s+/i, '')
}

/** A map that forgets the oldest entries. */
function createBoundedMap() {
  const entries = new Map<string, string>()
  return {
    get: (key: string) => entries.get(key),
    set(key: string, value: string) {
      entries.delete(key)
      entries.set(key, value)
      const [oldest] = entries.size > mostPairs ? entries.keys() : []
      if (oldest !== undefined) entries.delete(oldest)
    },
  }
}
