import { bindAddress } from '../../../db/bindings.js'
import { findAddressOwner } from '../../../db/address-owners.js'
import {
  findMobileChecks,
  forgetMobileChecks,
  type MobileCheckKind,
  rememberMobileCheck,
} from '../../../db/mobile-checks.js'
import { transaction } from '../../../db/transaction.js'
import { findUserInfo, lockUser, updateMobile } from '../../../db/users.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import type { ClientApp } from '../../../gateway/services/apps/apps.js'
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

/** Remembers for ten minutes what an application found out about a number. */
export async function rememberCheck(
  { db, clock }: Services,
  app: ClientApp,
  mobile: Mobile,
  kind: MobileCheckKind,
): Promise<void> {
  const row = { app_name: app.name, number: toE164(mobile), kind, expires_at: clock.now() + memory }
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
    const done = await findMobileChecks(db, app.name, number, clock.now())
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
    const info = await findUserInfo(db, userId)
    if (
      !(await bindAddress(db, owner, toE164(fromColumns(info?.user_intl ?? null, info?.user_mobile ?? null))))
    )
      throw new GatewayError('MOBILE_TAKEN')
    await updateMobile(db, userId, `+${mobile.area}`, mobile.number)
    await sessions.endAll(db, userId)
    await forgetMobileChecks(db, app.name, number)
    const old = fromColumns(info?.user_intl ?? null, info?.user_mobile ?? null)
    if (toE164(old) !== number) await queueNumberNotice(services, userId, old.number === '' ? undefined : old)
  })
  services.sessions.forget(userId)
}

/** PASSPORT_MOBILE_CHANGE; by default legacy applications check, and newer ones prove as well (passport.md §5). */
function neededChecks({ config }: Services, app: ClientApp): readonly MobileCheckKind[] {
  const rule = config.passport.mobileChange ?? (app.scheme === 'legacy' ? 'checked' : 'proved')
  return rule === 'checked' ? ['checked'] : ['checked', 'proved']
}
