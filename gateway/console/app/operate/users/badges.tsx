import { useTexts } from '../../words.js'
import { words } from './words.js'

/** The state of a user, in words and by its mark. */
export function StateBadge({ state }: { readonly state: number }) {
  const { states } = useTexts(words)
  return <span className={state === 0 ? 'state state-locked' : 'state'}>{states[state] ?? state}</span>
}
