import { formatTime } from '../../wire/time.js'
import type { MoveState, SideFigures } from './move-state.js'

/** What stands above the rows of `stateRows`. */
export const stateHead = [
  'METHOD',
  'APP',
  'NEW',
  'BY',
  'OLD: CALLS',
  'ERRORS',
  'HALF/99 % MS',
  'NEW: CALLS',
  'ERRORS',
  'HALF/99 % MS',
  'DIFFER',
  'CHANGED',
  'WHY',
] as const

/** A row for each route, for people. */
export function stateRows({ routes }: MoveState, timeZone: string): string[][] {
  return routes.map((route) => [
    route.method,
    route.app || '*',
    `${route.share} %`,
    route.by,
    ...figureCells(route.old),
    ...figureCells(route.new),
    route.new.compared === 0 ? '-' : `${route.new.differing}/${route.new.compared}`,
    formatTime(route.changedAt, timeZone),
    route.reason,
  ])
}

function figureCells({ calls, errors, half, most }: SideFigures): string[] {
  if (calls === 0) return ['0', '0', '-']
  return [String(calls), String(errors), `${half ?? '>5000'}/${most ?? '>5000'}`]
}
