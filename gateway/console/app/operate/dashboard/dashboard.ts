import type { Contracts } from '../../../../../schemas/contracts.js'

/** What `manage.console.dashboard.show` answers. */
export type Dashboard = Contracts['manage.console.dashboard.show']['result']

/** What happened in an hour or a day. */
export type Period = Dashboard['hour']
