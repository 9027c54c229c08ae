import { loadConfig } from '../../../config/config.js'
import { isMysql } from '../../../db/connect.js'
import { migrate } from '../../../db/migrate.js'
import { openForms } from '../../../db/open.js'
import { countConflicts } from '../../../db/identity-conflicts.js'
import { findTables } from '../../../db/shop/found.js'
import { systemClock } from '../../services/clock.js'
import { createLog } from '../../services/telemetry/log.js'
import { adoptShopUsers, describeProgress } from '../../start/shop-adoption.js'
import { CommandError } from '../command/error.js'
import { printLines } from '../command/print.js'
import { openVault, withConnection } from '../command/session.js'

/**
 * Takes over a shop's users, as a start of the server does, with the progress on standard error. Run again, it goes
 * through all users once more.
 *
 * @throws CommandError for a database without a shop's tables, ShopRefusedError for one that cannot be adopted
 */
export async function runAdopt(): Promise<void> {
  await withConnection(async (db) => {
    if (!isMysql(db) || (await findTables(db)).size === 0)
      throw new CommandError('the database holds no tables of an old shop')
    for (const name of await migrate(db, tell)) printLines([`ran ${name}`])
    const config = loadConfig()
    const adopted = await openForms(db, config.database, { timeZone: config.timeZone, poolSize: 2 })
    try {
      const log = createLog('silent', { write() {}, flush() {}, flushSync() {} })
      const adopter = {
        db: adopted,
        log,
        clock: systemClock,
        vault: await openVault(adopted, config),
        wechat: config.wechat,
      }
      await adoptShopUsers(adopter, {
        again: true,
        report: (progress) => tell(describeProgress(progress)),
      })
      const conflicts = await countConflicts(adopted)
      printLines([`The shop is adopted; conflicts: ${conflicts}`])
      log.close()
    } finally {
      if (adopted !== db) await adopted.destroy()
    }
  })
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`)
}
