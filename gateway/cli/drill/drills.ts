import { countries } from './drills/countries.js'
import { doors } from './drills/doors.js'
import { links } from './drills/links.js'
import { lockout } from './drills/lockout.js'
import { notices } from './drills/notices.js'
import { pauses } from './drills/pauses.js'
import { publicTrust } from './drills/public-trust.js'
import { queryCredentials } from './drills/query-credentials.js'
import { recut } from './drills/recut.js'
import { restPath } from './drills/rest-path.js'
import { spellings } from './drills/spellings.js'
import { spray } from './drills/spray.js'
import type { Drill } from './finding.js'

/** Every drill, in the order in which `drill all` tries them. */
export const drills: readonly Drill[] = [
  recut,
  restPath,
  publicTrust,
  queryCredentials,
  doors,
  links,
  lockout,
  pauses,
  spellings,
  countries,
  spray,
  notices,
]
