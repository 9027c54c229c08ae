import { findProfile, type PassportProfileRow, saveProfile } from '../../../db/passport-profiles.js'
import { userExists } from '../../../db/users.js'
import { transaction } from '../../../db/transaction.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'

/** A user's contacts, habits and brands. Throws USER_NOT_EXISTS. */
export async function readProfile({ db }: Pick<Services, 'db'>, userId: number): Promise<PassportProfileRow> {
  const profile = await findProfile(db, userId)
  if (!profile) throw new GatewayError('USER_NOT_EXISTS')
  return profile
}

/** Changes the given fields only; an empty text clears. Throws USER_NOT_EXISTS. */
export async function changeProfile(
  services: Pick<Services, 'db'>,
  { uid, ...change }: { readonly uid: number } & Partial<Omit<PassportProfileRow, 'user_id'>>,
): Promise<void> {
  await transaction(services, async ({ db }) => {
    if (!(await userExists(db, uid))) throw new GatewayError('USER_NOT_EXISTS')
    await saveProfile(db, uid, change)
  })
}
