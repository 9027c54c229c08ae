import { type DistrictRow, listDistricts } from '../../../db/districts.js'
import type { Services } from '../../../gateway/services/services.js'
import type { Contracts } from '../../../schemas/contracts.js'

/** Provinces with their cities, and these with their counties (account-beside.md §3.4). */
export type DistrictTree = Contracts['front.sys.district.tree']['result']

/** Province, city, county. */
const deepest = 3

/**
 * The districts of the table as a tree, empty where there are none. The same array while it is cached, so that its
 * answer is made once.
 */
export async function loadDistrictTree({ db, cache }: Pick<Services, 'db' | 'cache'>): Promise<DistrictTree> {
  const load = async () => growTree(await listDistricts(db))
  return (await cache.fetch('district-tree', load)) ?? []
}

function growTree(rows: readonly DistrictRow[]): DistrictTree {
  const byParent = new Map<number, DistrictRow[]>()
  for (const row of rows) {
    const siblings = byParent.get(row.district_parent_id)
    if (siblings) siblings.push(row)
    else byParent.set(row.district_parent_id, [row])
  }
  const branches = (parentId: number, depth: number): DistrictTree => {
    const found = depth > deepest ? [] : (byParent.get(parentId) ?? [])
    return found.map((row) => {
      const children = branches(row.district_id, depth + 1)
      const numbers = { district_lng: Number(row.district_lng), district_lat: Number(row.district_lat) }
      return { ...row, ...numbers, ...(children.length > 0 && { children }) }
    })
  }
  return branches(0, 1)
}
