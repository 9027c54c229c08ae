import { recut } from './drills/recut.js'
import { restPath } from './drills/rest-path.js'
import type { Drill } from './finding.js'

/** Every drill, in the order in which `drill all` tries them. */
export const drills: readonly Drill[] = [recut, restPath]
