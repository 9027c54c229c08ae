import { mkdirSync, writeFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, release } from 'node:os'
import { join } from 'node:path'
import { type Figure, type Goal, isMet } from './figure.js'
import { resultsFolder } from './folders.js'

/** Where and how the figures were taken. */
export interface Circumstances {
  readonly date: string
  readonly node: string
  readonly machine: string
  readonly how: string
}

export function describeCircumstances(how: string): Circumstances {
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    machine: `${availableParallelism()} cores, ${cpus()[0]?.model ?? arch()}, Linux ${release()}`,
    how,
  }
}

const number = (value: number) => value.toFixed(value < 10 ? 2 : 1)

function cells({ title, value, unit, spread, goal, detail = '', ...figure }: Figure): string[] {
  const met = isMet({ title, value, unit, goal, ...figure } as Figure)
  return [
    title,
    `${number(value)} ${unit}`,
    spread ? spread.map(number).join('–') : '',
    goal ? goalText(goal) : 'shown',
    met === undefined ? '' : met ? 'met' : 'MISSED',
    detail,
  ]
}

function goalText({ atLeast, atMost }: Goal): string {
  return atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`
}

const heads = ['measure', 'median', 'least–greatest', 'goal', '', 'ours / theirs']

/** The figures as a table for a terminal. */
export function formatTable(figures: readonly Figure[]): string {
  const rows = [heads, ...figures.map(cells)]
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const method = [
  'A ratio compares requests per CPU-second: both servers are under load at the same moment on the same core, the',
  'load generators and MariaDB on the other. The value is the median of the fresh starts of both. Every answer was',
  'compared byte by byte before and after, but for ids and times of new rows, and no request failed. The product runs',
  'as in production, its access log going to /dev/null. What a peer lacks is said where it stands, in bench/peers:',
  'limits, applications, metrics and a log; it has the same checks of signature or session, and the durability.',
  'The gateway part alone measures a method made up for it: `core` is our way of a request doing just the job of the',
  'peers, `full` is all that production does.',
  '',
  'Lists are called at a fixed rate on two databases by turns, so that both meet the same machine: one of 200,000 users',
  'with 10⁶ addresses, 10⁶ invoices and 2 × 10⁶ messages, most users with few, some with 100 addresses and 400 messages,',
  'ten beside them with 20,000 messages each; and one of a hundredth of that, with one such user. A ratio divides the',
  'p99 on the first by that on the second in each of nine turns. Every answer is the one that was checked before.',
]

/** Keeps the figures, of all or of a part, in bench/results and returns the two files. */
export function keepResults(
  circumstances: Circumstances,
  figures: readonly Figure[],
  part?: string,
): string[] {
  mkdirSync(resultsFolder, { recursive: true })
  const { date, node, machine, how } = circumstances
  const base = join(resultsFolder, `${date}-node${node.slice(1)}${part === undefined ? '' : `-${part}`}`)
  const rows = figures.map((figure) => `| ${cells(figure).join(' | ')} |`)
  const text = [
    `# Benchmark of ${date}, Node ${node}`,
    '',
    `${machine}. ${how}`,
    '',
    ...method,
    '',
    `| ${heads.join(' | ')} |`,
    `|${heads.map(() => '---').join('|')}|`,
    ...rows,
    '',
  ]
  const withGoals = figures.map((figure) => ({ ...figure, met: isMet(figure) }))
  writeFileSync(`${base}.md`, text.join('\n'))
  const json = JSON.stringify({ ...circumstances, figures: withGoals }, null, 2)
  // Pairs on one line, as the project's formatter has them.
  writeFileSync(`${base}.json`, `${json.replace(/\[\s+([\d.]+),\s+([\d.]+)\s+\]/g, '[$1, $2]')}\n`)
  return [`${base}.md`, `${base}.json`]
}
