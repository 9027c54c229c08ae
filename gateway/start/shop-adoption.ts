import type { Knex } from 'knex'
import { adminSitePermissions } from '../../db/admins.js'
import { findMenuIds, insertMenu, insertRole, lockRole, updateRoleMenus } from '../../db/admin-roles.js'
import { holdsShop } from '../../db/attached-shop.js'
import { withMigrationLease } from '../../db/migrate.js'
import { countConflicts } from '../../db/identity-conflicts.js'
import { findAdoption, restartAdoption, saveAdoption } from '../../db/shop/adoption/steps.js'
import {
  countBoundUsers,
  countOldUsers,
  listBoundUsers,
  listOldUsers,
} from '../../db/shop/adoption/old-users.js'
import { countSurplus, type Kept, keepOneDefault } from '../../db/shop/adoption/single-defaults.js'
import { transaction } from '../../db/transaction.js'
import type { Log } from '../services/telemetry/log.js'
import {
  adoptBindings,
  adoptClaims,
  type Adopter,
  bindingSteps,
  type BindingStep,
} from './adopted-identities.js'

/** How far taking over a shop is. */
export interface AdoptionProgress {
  readonly step: string
  readonly done: number
  readonly total: number
  readonly perSecond: number
  readonly secondsLeft: number
}

export interface AdoptionOptions {
  /** Goes through all users once more: what the shop has written since is taken over too. */
  readonly again?: boolean
  /** Told now and then, in place of the log. */
  readonly report?: (progress: AdoptionProgress) => void
  /** Told the same as a line, beside the log. */
  readonly show?: (step: string) => void
}

/** Users a transaction: each waits for the disk once. */
const batchSize = 2000
const reportMilliseconds = 2000

interface Step {
  readonly name: string
  count(db: Knex): Promise<number>
  /** Takes over the users after an id, in the caller's transaction; undefined when there are no more. */
  next(
    adopter: Adopter,
    after: number,
  ): Promise<{ readonly last: number; readonly users: number } | undefined>
}

const steps: readonly Step[] = [
  bindingStep('bound'),
  claimStep(),
  bindingStep('wechat'),
  keepersStep('addresses'),
  keepersStep('invoices'),
]

/**
 * Takes over the users of an old shop's database (account.md §8): who owns a number or an e-mail is decided once, and
 * numbers of identity cards are sealed. Bound addresses count as verified and go first; of two users the older one, by
 * the id, keeps what both had. So it is with identities at WeChat; those of an application that is not configured yet
 * are found when their users come. Of several default addresses or invoices a user keeps one. Goes on where it was cut
 * off; costs one read once it is done.
 */
export async function adoptShopUsers(
  adopter: Adopter & { readonly log: Log },
  { again = false, report, show }: AdoptionOptions = {},
): Promise<void> {
  const { db, log } = adopter
  if (!again && (await findAdoption(db, steps.at(-1)?.name ?? ''))?.done_at) return
  await withMigrationLease(db, async () => {
    if (again) await restartAdoption(db)
    await transaction(adopter, ({ db }) => makeManager(db))
    // Users of our own tables, such as those imported before the first start, are looked at in silence.
    const isShop = await holdsShop(db)
    const tell = (progress: AdoptionProgress) => {
      show?.(describeProgress(progress))
      if (isShop) logProgress(log, progress)
    }
    for (const step of steps) await runStep(adopter, step, report ?? tell)
    const conflicts = await countConflicts(db)
    if (conflicts > 0)
      log.warn({ count: conflicts }, 'two users had one number, e-mail or WeChat: see `cli user conflicts`')
  })
}

/** The role that `cli admin add` gives, and what it includes, where a shop brought roles of its own only. */
async function makeManager(db: Knex): Promise<void> {
  if (await lockRole(db, '管理员')) return
  const role = await insertRole(db, '管理员')
  const menus: number[] = []
  const ours = ['userDeliveryAddress', 'user', 'userSession', 'audit'].map(
    (part) => `/manage/account/${part}/*`,
  )
  for (const permission of [...ours, '/manage/console/*', ...adminSitePermissions]) {
    const known = await findMenuIds(db, permission)
    menus.push(...(known.length > 0 ? known : [await insertMenu(db, permission)]))
  }
  await updateRoleMenus(db, role.user_role_id, menus)
}

async function runStep(
  adopter: Adopter,
  step: Step,
  report: (progress: AdoptionProgress) => void,
): Promise<void> {
  const { db, clock } = adopter
  const { name } = step
  let { position, done_at: doneAt } = (await findAdoption(db, name)) ?? { position: 0, done_at: null }
  if (doneAt !== null) return
  const total = await step.count(db)
  const begun = Date.now()
  let reported = begun
  for (let done = 0; doneAt === null; ) {
    const after = position
    const found = await transaction(adopter, async (adopter) => {
      const { db } = adopter
      const found = await step.next(adopter, after)
      const row = { step: name, position: found?.last ?? after, done_at: found ? null : clock.now() }
      await saveAdoption(db, row)
      return { ...row, users: found?.users ?? 0 }
    })
    ;({ position, done_at: doneAt } = found)
    done += found.users
    if (doneAt === null && Date.now() - reported < reportMilliseconds) continue
    reported = Date.now()
    const perSecond = Math.round((done * 1000) / Math.max(1, reported - begun))
    const secondsLeft = doneAt === null ? Math.round((total - done) / Math.max(1, perSecond)) : 0
    if (total > 0) report({ step: name, done, total, perSecond, secondsLeft })
  }
}

function bindingStep(name: BindingStep): Step {
  const types = bindingSteps[name]
  return {
    name,
    count: (db) => countBoundUsers(db, types),
    async next(adopter, after) {
      const users = await listBoundUsers(adopter.db, types, { after, most: batchSize })
      const last = users.at(-1)
      if (last === undefined) return undefined
      await adoptBindings(adopter, name, [after + 1, last])
      return { last, users: users.length }
    },
  }
}

function claimStep(): Step {
  return {
    name: 'claimed',
    count: countOldUsers,
    async next(adopter, after) {
      const users = await listOldUsers(adopter.db, after, batchSize)
      const last = users.at(-1)?.user_id
      if (last === undefined) return undefined
      await adoptClaims(adopter, users)
      return { last, users: users.length }
    },
  }
}

function keepersStep(kept: Kept): Step {
  return {
    name: kept,
    count: (db) => countSurplus(db, kept),
    next: ({ db }, after) => keepOneDefault(db, kept, { after, most: batchSize }),
  }
}

function logProgress(log: Log, progress: AdoptionProgress): void {
  log.info({ count: progress.done, detail: describeProgress(progress) }, 'taking over users of the shop')
  log.flush()
}

/** `claimed: 5000 of 10000 users, 2500 a second, 2 s left`. */
export function describeProgress({ step, done, total, perSecond, secondsLeft }: AdoptionProgress): string {
  return `${step}: ${done} of ${total} users, ${perSecond} a second, ${secondsLeft} s left`
}
