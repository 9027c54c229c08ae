import type { ReportOnly } from '../../services/apps/guards.js'
import { formatTime } from '../../wire/time.js'

/** Guards of an application that only report, as an operator reads it. */
export function reportOnlyText({ guards, until }: ReportOnly, timeZone: string): string {
  return `${guards.join(', ')} only reported until ${formatTime(until, timeZone)}`
}
