import type { MoveRouteRow } from '../../../../db/move-routes.js'

/** A route of all calls of a method to the new server, which has been followed for long. */
export const movedRoute = (method: string, given: Partial<MoveRouteRow> = {}): MoveRouteRow => ({
  method,
  app: '',
  share: 10_000,
  share_before: 10_000,
  caller: 'ip',
  common: 'database',
  created_at: 1,
  changed_at: 1,
  effective_at: 1,
  reason: '',
  ...given,
})
