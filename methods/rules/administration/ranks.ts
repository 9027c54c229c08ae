import { listPermissions } from '../../../db/admins.js'
import type { SignedInOrigin } from '../../../gateway/contract/method.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { compilePattern } from '../../../gateway/services/apps/apps.js'
import type { Services } from '../../../gateway/services/services.js'

/** Holds administrators to themselves and those below them. Throws OPERATION_FAILED. */
export async function requireNobodyAbove(
  services: Pick<Services, 'db'>,
  userId: number,
  call: Pick<SignedInOrigin, 'session'>,
): Promise<void> {
  if (userId !== call.session.userId) await requireLowerRank(services, userId, call)
}

/**
 * Holds administrators to those below them: nobody judges themselves, nor an administrator whose role includes a path
 * that their own does not. Throws OPERATION_FAILED.
 */
export async function requireLowerRank(
  { db }: Pick<Services, 'db'>,
  userId: number,
  { session }: Pick<SignedInOrigin, 'session'>,
): Promise<void> {
  if (userId === session.userId) throw new GatewayError('OPERATION_FAILED')
  const theirs = await listPermissions(db, userId)
  if (theirs.length === 0) return
  if (!includesAll(await listPermissions(db, session.userId), theirs))
    throw new GatewayError('OPERATION_FAILED')
}

/** Whether a role includes paths: `/manage/*` includes `/manage/account/*` too, and not the reverse. */
export function includesAll(role: readonly string[], paths: readonly string[]): boolean {
  const forms = role.map(compilePattern)
  return paths.every((path) => forms.some((form) => form.test(path)))
}
