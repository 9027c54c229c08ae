import type { Results } from '../calls.js'

export type Dashboard = Results['manage.console.dashboard.show']

/** What happened in an hour or a day. */
export type Period = Dashboard['hour']
