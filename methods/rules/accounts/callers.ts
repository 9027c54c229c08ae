import { type CallerRow, findCaller } from '../../../db/credentials.js'
import type { InTransaction } from '../../../db/transaction.js'
import { lockUser } from '../../../db/users.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import type { SignedIn } from '../../../gateway/services/sign-in/sessions.js'

/**
 * Locks the user of a call and reads what the user signs in by. Throws TOKEN_BROKEN when the session was ended in the
 * meantime, as sessions are remembered for a moment.
 */
export async function lockCaller(
  { db, sessions }: InTransaction<Pick<Services, 'db' | 'sessions'>>,
  session: SignedIn,
): Promise<CallerRow> {
  await lockUser(db, session.userId)
  const caller = (await sessions.isLive(db, session)) && (await findCaller(db, session.userId))
  if (!caller) throw new GatewayError('TOKEN_BROKEN')
  return caller
}
