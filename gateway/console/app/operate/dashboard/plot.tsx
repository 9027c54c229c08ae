import { Text } from '@mantine/core'
import { type PointerEvent, useState } from 'react'
import { useTexts } from '../../words.js'
import { WideTable } from '../../wide-table.js'
import { shown } from '../numbers.js'
import { words } from './words.js'

interface Props {
  readonly title: string
  /** How the places along the time are called. */
  readonly times: readonly string[]
  /** Two at most; null where there is nothing to show. */
  readonly lines: readonly { readonly name: string; readonly values: readonly (number | null)[] }[]
}

/** Lines over the time, with what is under the pointer in words, and as a table for who does not see them. */
export function Plot({ title, times, lines }: Props) {
  const text = useTexts(words)
  const [pointed, setPointed] = useState<number>()
  const [isOpen, setOpen] = useState(false)
  const top = Math.max(1, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0)))
  const point = ({ nativeEvent, currentTarget }: PointerEvent<SVGSVGElement>) => {
    const share = nativeEvent.offsetX / currentTarget.clientWidth
    setPointed(Math.min(times.length - 1, Math.max(0, Math.round(share * (times.length - 1)))))
  }
  const at = pointed ?? times.length - 1
  const told = lines.map(({ name, values }) => `${name} ${shown(values[at])}`).join(' · ')
  return (
    <figure className="plot">
      <figcaption>{title}</figcaption>
      <Text size="sm" c="dimmed" aria-hidden>
        {times[at]} · {told}
      </Text>
      <svg
        viewBox="0 0 100 40"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${times[0]} – ${times.at(-1)}`}
        onPointerMove={point}
        onPointerLeave={() => setPointed(undefined)}
      >
        <path className="grid" d="M0 39.5H100M0 20H100M0 .5H100" />
        {pointed !== undefined && <path className="grid" d={`M${placeOf(pointed, times)} 0V40`} />}
        {lines.map(({ name, values }, order) => (
          <path key={name} className={order === 0 ? 'first' : 'second'} d={lineOf(values, top, times)} />
        ))}
      </svg>
      <div className="scale" aria-hidden>
        <span>{times[0]}</span>
        <span>0 – {shown(top)}</span>
        <span>{times.at(-1)}</span>
      </div>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>{text.table}</summary>
        {isOpen && (
          <WideTable
            label={title}
            heads={[text.time, ...lines.map(({ name }) => name)]}
            rows={times.map((time, row) => [time, ...lines.map(({ values }) => shown(values[row]))])}
          />
        )}
      </details>
    </figure>
  )
}

function placeOf(at: number, times: readonly string[]): number {
  return times.length < 2 ? 100 : (100 * at) / (times.length - 1)
}

/** A value alone between two gaps is a dot. */
function lineOf(values: readonly (number | null)[], top: number, times: readonly string[]): string {
  const command = (value: number, at: number) =>
    `${typeof values[at - 1] === 'number' ? 'L' : 'M'}${placeOf(at, times)} ${39.5 - (39 * value) / top}h0`
  return values.map((value, at) => (value === null ? '' : command(value, at))).join('')
}
