import type { Knex } from 'knex'
import { listIpBlocks } from '../../../db/ip-blocks.js'
import { AddressList } from '../apps/address-list.js'
import type { Clock } from '../clock.js'
import { keepReading } from '../kept-list.js'
import type { Log } from '../telemetry/log.js'

/** Addresses the operator has shut out (`cli ip block`); held in memory and refreshed from the database. */
export interface IpBlocks {
  isBlocked(ip: string): boolean
  close(): void
}

const refreshMilliseconds = 2000

export async function createIpBlocks({
  db,
  clock,
  log,
}: {
  db: Knex
  clock: Clock
  log: Log
}): Promise<IpBlocks> {
  let list: AddressList | undefined
  const refresh = async () => {
    const rows = await listIpBlocks(db, clock.now())
    list = rows.length > 0 ? new AddressList(rows.map(({ address }) => address)) : undefined
  }
  const keeping = {
    every: refreshMilliseconds,
    log,
    failure: 'the list of blocked addresses could not be refreshed',
  }
  const { close } = await keepReading(refresh, keeping)
  return {
    isBlocked: (ip) => list?.has(ip) ?? false,
    close,
  }
}
