import { Code } from '@mantine/core'

/** A sentence in which what stands between backticks is code, as descriptions have it. */
export function Marked({ text }: { readonly text: string }) {
  const parts = text.split('`')
  return <>{parts.map((part, at) => (at % 2 === 1 ? <Code key={at}>{part}</Code> : part))}</>
}
