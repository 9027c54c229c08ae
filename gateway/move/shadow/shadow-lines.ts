import type { ShadowReport } from './shadow.js'

/** What a report of a shadow says beside what differs, a line each. */
export function shadowLines({ since, seen, missed, restarts, obstacle, waiting }: ShadowReport): string[] {
  return [
    `${seen} calls passed since ${since}; ${waiting} wait for the candidate`,
    ...(missed > 0
      ? [`${missed} were not copied at all: users whose writes were among them differ from now on`]
      : []),
    ...(restarts > 0
      ? [`copying was begun anew ${restarts} times, and what had been found before is lost`]
      : []),
    ...(obstacle === null ? [] : [`the candidate is not asked now: ${obstacle}`]),
  ]
}
