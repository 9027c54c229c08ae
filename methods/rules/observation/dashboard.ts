import { countDeliveryJobs } from '../../../db/delivery-jobs.js'
import type { Services } from '../../../gateway/services/services.js'
import type { NodeState } from '../../../gateway/services/telemetry/node-history.js'
import { readBudgets } from '../operation/budgets.js'
import { minute, periods, describePeriod } from './periods.js'

/** Nodes that were stopped longer ago are not told: each restart leaves one. */
const stoppedShown = 60 * minute
const mostNodes = 200
const statesInOrder = ['gone', 'live', 'stopped'] as const

/** What the operator sees first: what all nodes did in the last hour and day, what is left of the day, what waits. */
export async function describeDashboard(services: Services) {
  const { db, clock, nodeHistories } = services
  const history = await nodeHistories.read()
  const now = clock.now()
  const budgets = await readBudgets(services)
  const { waiting, tried, dueSince } = await countDeliveryJobs(db, now)
  return {
    now,
    hour: describePeriod(history.minutes, now, periods.hour),
    day: describePeriod(history.minutes, now, periods.day),
    budgets: budgets.map(({ channel, per_day, used, left }) => ({ channel, of_day: per_day, used, left })),
    deliveries: { waiting, tried, due_since: dueSince ?? null },
    nodes: shownNodes(history.nodes, now).map(describeNode),
  }
}

/** Those that are gone first, as somebody must look after them; then the newest. */
function shownNodes(nodes: readonly NodeState[], now: number): NodeState[] {
  const order = ({ state }: NodeState) => statesInOrder.indexOf(state)
  return nodes
    .filter(({ state, seenAt }) => state !== 'stopped' || now - seenAt < stoppedShown)
    .sort((one, other) => order(one) - order(other) || other.startedAt - one.startedAt)
    .slice(0, mostNodes)
}

function describeNode({ id, name, version, startedAt, seenAt, state, memory, lag }: NodeState) {
  return { id, name, version, started_at: startedAt, seen_at: seenAt, state, memory, lag }
}
