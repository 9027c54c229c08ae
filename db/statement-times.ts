import { DurationTally } from './duration-tally.js'

/** What a statement does. */
type StatementKind = 'read' | 'write' | 'begin' | 'commit' | 'other'

/** Upper bounds, in seconds: a read by its key takes some tenths of a millisecond, a commit waits for the disk. */
const bounds = [0.0005, 0.002, 0.01, 0.05, 0.25, 1, 5]

/** How long statements took, by what they do. */
export class StatementTimes {
  readonly tallies: Readonly<Record<StatementKind, DurationTally>> = {
    read: new DurationTally(bounds),
    write: new DurationTally(bounds),
    begin: new DurationTally(bounds),
    commit: new DurationTally(bounds),
    other: new DurationTally(bounds),
  }

  /** @param started by `performance.now()` */
  add(sql: string, started: number): void {
    this.tallies[kindOf(sql)].add((performance.now() - started) / 1000)
  }
}

/** By the first letter, as this is asked of every statement: ours begin with their verb. */
function kindOf(sql: string): StatementKind {
  switch (sql.charAt(0).toLowerCase()) {
    case 's':
    case 'w':
      return 'read'
    case 'i':
    case 'u':
    case 'd':
      return 'write'
    case 'b':
      return 'begin'
    case 'c':
      return 'commit'
    default:
      return 'other'
  }
}
