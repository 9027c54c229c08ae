import type { Knex } from 'knex'
import { insertSlices } from './statement-size.js'

export interface DistrictRow {
  district_id: number
  district_name: string
  district_parent_id: number
  district_level: number
  district_citycode: string
  district_zipcode: string
  district_lng: number | string
  district_lat: number | string
  district_sort: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    sys_district_base: DistrictRow
  }
}

/** Every district, neighbours in their order. */
export async function listDistricts(db: Knex): Promise<DistrictRow[]> {
  return db('sys_district_base')
    .select(
      'district_id',
      'district_name',
      'district_parent_id',
      'district_level',
      'district_citycode',
      'district_zipcode',
      'district_lng',
      'district_lat',
      'district_sort',
    )
    .orderBy(['district_sort', 'district_id'])
}

export async function hasDistricts(db: Knex): Promise<boolean> {
  return (await db('sys_district_base').first('district_id')) !== undefined
}

export async function insertDistricts(
  db: Knex,
  districts: readonly Pick<
    DistrictRow,
    'district_id' | 'district_name' | 'district_parent_id' | 'district_level'
  >[],
): Promise<void> {
  await insertSlices(districts, (some) => db('sys_district_base').insert(some))
}
