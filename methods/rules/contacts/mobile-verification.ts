import { createHash } from 'node:crypto'
import { bindAddress } from '../../../db/bindings.js'
import { findAddressOfUser, findAddressOwner } from '../../../db/address-owners.js'
import {
  findMobileChecks,
  forgetMobileChecks,
  type MobileCheckKind,
  rememberMobileCheck,
} from '../../../db/mobile-checks.js'
import { transaction } from '../../../db/transaction.js'
import { lockUser } from '../../../db/users.js'
import { findUserInfo, updateMobile } from '../../../db/user-info.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Origin } from '../../../gateway/contract/method.js'
import type { Services } from '../../../gateway/services/services.js'
import type { ClientApp } from '../../../gateway/services/apps/apps.js'
import { readMobile } from './account-mobiles.js'
import { fromColumns, type Mobile, toE164 } from './mobiles.js'
import { queueNumberNotice } from './notice-recipients.js'

/** How long a check and a proof of a number are remembered. */
const memory = 600_000

/** Throws MOBILE_TAKEN when another user has verified the number. */
export async function requireFreeMobile(
  { db }: Pick<Services, 'db'>,
  mobile: Mobile,
  userId: number | undefined,
): Promise<void> {
  const owner = await findAddressOwner(db, 'mobile', toE164(mobile))
  if (owner && owner.verified_at !== null && owner.user_id !== userId) throw new GatewayError('MOBILE_TAKEN')
}

/**
 * Who found something out about a number: an application, or one user of a public one, whose key all its users share.
 * Undefined where nobody is signed in to a public one. A digest, as a name and an id are longer than a name may be.
 */
function finderOf(app: ClientApp, userId: number | undefined): string | undefined {
  if (app.trust === 'server') return app.name
  if (userId === undefined) return undefined
  return `#${createHash('sha256').update(`${app.name} ${userId}`).digest('base64url')}`
}

/** Remembers for ten minutes what an application, or the user of a public one, found out about a number. */
export async function rememberCheck(
  { db, clock }: Services,
  { app, session }: { readonly app: ClientApp; readonly session: Origin['session'] },
  mobile: Mobile,
  kind: MobileCheckKind,
): Promise<void> {
  const finder = finderOf(app, session?.userId)
  if (finder === undefined) return
  const row = { app_name: finder, number: toE164(mobile), kind, expires_at: clock.now() + memory }
  await rememberMobileCheck(db, row)
}

/**
 * Stores a new verified number, ends all sessions and tells the old number, or the user's e-mail where there was none.
 * Throws USER_NOT_EXISTS, NOT_CHECK_MOBILE unless the application has checked (and, where configured, proved) the
 * number within ten minutes, MOBILE_TAKEN.
 */
export async function changeMobile(
  services: Services,
  app: ClientApp,
  userId: number,
  mobile: Mobile,
): Promise<void> {
  await transaction(services, async (services) => {
    const { db, clock, sessions } = services
    if (!(await lockUser(db, userId))) throw new GatewayError('USER_NOT_EXISTS')
    const number = toE164(mobile)
    const finder = finderOf(app, userId) ?? ''
    const done = await findMobileChecks(db, finder, number, clock.now())
    if (!neededChecks(services, app).every((kind) => done.includes(kind)))
      throw new GatewayError('NOT_CHECK_MOBILE')
    const now = clock.now()
    const owner = {
      kind: 'mobile',
      value: number,
      user_id: userId,
      verified_at: now,
      created_at: now,
    } as const
    const old = await findFormerMobile(services, userId)
    if (!(await bindAddress(db, owner, old && toE164(old)))) throw new GatewayError('MOBILE_TAKEN')
    await updateMobile(db, userId, `+${mobile.area}`, mobile.number)
    await sessions.endAll(db, userId)
    await forgetMobileChecks(db, finder, number)
    if (!old || toE164(old) !== number) await queueNumberNotice(services, userId, old)
  })
  services.sessions.forget(userId)
}

/** The number that the user is shown, else the one that is only a way to sign in still, as after unBindMobile. */
async function findFormerMobile({ db }: Pick<Services, 'db'>, userId: number): Promise<Mobile | undefined> {
  const info = await findUserInfo(db, userId)
  const shown = fromColumns(info?.user_intl ?? null, info?.user_mobile ?? null)
  if (shown.number !== '') return shown
  const bound = await findAddressOfUser(db, 'mobile', userId)
  return bound && bound.verified_at !== null ? readMobile(bound.value) : undefined
}

/**
 * PASSPORT_MOBILE_CHANGE; by default legacy applications check, and newer ones prove as well (passport.md §5), as do
 * public ones, which anybody can imitate.
 */
function neededChecks({ config }: Services, app: ClientApp): readonly MobileCheckKind[] {
  const rule =
    config.passport.mobileChange ?? (app.scheme === 'legacy' && app.trust === 'server' ? 'checked' : 'proved')
  return rule === 'checked' ? ['checked'] : ['checked', 'proved']
}
