import type { Knex } from 'knex'
import { loadConfig } from '../../../config/config.js'
import { isMysql } from '../../../db/connect.js'
import { countConflicts } from '../../../db/identity-conflicts.js'
import { fitTables, type TableFit } from '../../../db/shop/fit.js'
import { findTables } from '../../../db/shop/found.js'
import { describeFinding } from '../../../db/shop/prepare.js'
import { findStrayFlags, withFindings } from '../../../db/shop/stray-flags.js'
import { fitsZone, type Survey, surveyShop } from '../../../db/shop/survey.js'
import { sessionZone } from '../../../db/shop/zones.js'
import { greatestShopId } from '../../services/sign-in/shop-subject.js'
import { CommandError } from '../command/error.js'
import type { JsonOption } from '../command/options.js'
import { printJson, printLines } from '../command/print.js'
import { withConnection } from '../command/session.js'

interface Report extends Survey {
  readonly canBeAdopted: boolean
  readonly tables: readonly TableFit[]
  readonly timeZone: string
  readonly zoneFits: boolean
  /** Whether the shop reads the ids of all users and of the next one. */
  readonly idsFit: boolean
  /** Null: not adopted yet. */
  readonly conflicts: number | null
}

/**
 * Says what an adoption would do. Exit code 0: it can be adopted; 1: it cannot, TIME_ZONE does not fit its times,
 * or the shop cannot read the id of a user. Duplicates, conflicts and administrators are for the reader.
 *
 * @throws CommandError for a database without a shop's tables
 */
export async function runCheck({ json }: JsonOption): Promise<void> {
  const report = await withConnection(readReport)
  if (json) printJson(report)
  else printLines(describeReport(report))
  if (!report.canBeAdopted || !report.zoneFits || !report.idsFit) process.exitCode = 1
}

async function readReport(db: Knex): Promise<Report> {
  const { timeZone } = loadConfig(undefined, { makeKeys: false })
  const found = isMysql(db) ? await findTables(db) : new Map<string, never>()
  if (found.size === 0) throw new CommandError('the database holds no tables of an old shop')
  const tables = withFindings(fitTables(found), await findStrayFlags(db, found))
  const survey = await surveyShop(db)
  const hasTimestamps = [...found.values()].some(({ columns }) =>
    [...columns.values()].some(({ dataType }) => dataType === 'timestamp'),
  )
  const zoneIsKnown = !hasTimestamps || (await sessionZone(db, timeZone)) !== undefined
  return {
    canBeAdopted:
      zoneIsKnown && tables.every(({ findings }) => findings.every(({ verdict }) => verdict !== 'refuse')),
    tables,
    ...survey,
    timeZone,
    idsFit: Math.max(survey.greatestId, survey.nextId) <= greatestShopId,
    zoneFits: zoneIsKnown && fitsZone(survey.zoneHours, timeZone, Date.now()),
    conflicts: (await db.schema.hasTable('identity_conflict')) ? await countConflicts(db) : null,
  }
}

const verbs = { widen: 'would be widened', add: 'would be added', refuse: 'CANNOT be adopted' } as const

function describeReport(report: Report): string[] {
  const {
    users,
    greatestId,
    nextId,
    idsFit,
    duplicates,
    overruled,
    unreadable,
    zoneHours,
    timeZone,
    zoneFits,
    conflicts,
    administrators,
  } = report
  const tableLines = report.tables.flatMap(({ table, fits, others, findings }) => [
    `${table}: ${fits} columns fit, ${others} are the shop's alone`,
    ...findings.map((finding) => `  ${verbs[finding.verdict]}: ${describeFinding(finding)}`),
  ])
  const shared = Object.entries(duplicates).map(([what, count]) => `${count} ${what}`)
  const hours = describeHours(zoneHours)
  return [
    ...tableLines,
    `users: ${users}`,
    `ids: up to ${greatestId}, the next one is ${nextId}${idsFit ? '' : `; the shop does NOT read any above ${greatestShopId}`}`,
    `had by two users or more: ${shared.join(', ')}; numbers that another user has bound: ${overruled}`,
    `numbers that are none, so that no code reaches them: ${describeUnreadable(unreadable)}`,
    `conflicts: ${conflicts === null ? 'not adopted yet' : `${conflicts} (see "passport-gateway user conflicts")`}`,
    `times: ${hours === '' ? 'nothing to compare' : `written in ${hours}`}; TIME_ZONE is ${timeZone}${zoneFits ? '' : ', which does NOT fit'}`,
    `administrators: ${administrators.map(({ user_id, role }) => `${user_id} (${role ?? 'no such role'})`).join(', ') || 'none'}`,
    lastLine(report),
  ]
}

function describeUnreadable({ users, first }: Report['unreadable']): string {
  return users === 0 ? '0' : `${users}, of the users ${first.join(', ')}${users > first.length ? ' …' : ''}`
}

/** Few rows, or all of one hour of the day, fit most of the world. */
const mostNamed = 4

function describeHours(hours: readonly number[]): string {
  const names = hours.map((hour) => `UTC${hour < 0 ? '' : '+'}${hour}`)
  if (names.length <= mostNamed) return names.join(', ')
  return `any of ${names.length} zones from ${names[0]} to ${names.at(-1)}, as too few rows tell them apart`
}

function lastLine({ canBeAdopted, zoneFits, idsFit }: Report): string {
  if (!canBeAdopted) return 'The database cannot be adopted.'
  if (!idsFit) return 'The database cannot be shared with the shop: it does not read all user ids.'
  return zoneFits
    ? 'The database can be adopted.'
    : 'The database can be adopted once TIME_ZONE fits its times.'
}
