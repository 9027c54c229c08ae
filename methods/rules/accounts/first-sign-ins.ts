import type { InTransaction } from '../../../db/transaction.js'
import { countFirstSignIn, lockUserLogin, type SignedInAt } from '../../../db/user-logins.js'
import type { Services } from '../../../gateway/services/services.js'
import { parseMoment } from '../../../gateway/wire/dates.js'
import { formatTime } from '../../../gateway/wire/time.js'

/** Of parallel sign-ins one is a day's first: the row of the user decides, which imported users may not have yet. */
export async function countIfFirstOfDay(
  services: InTransaction<Services>,
  signedIn: SignedInAt,
): Promise<boolean> {
  const { db } = services
  const today = startOfDay(services)
  if (await countFirstSignIn(db, signedIn, today)) return true
  if ((await lockUserLogin(db, signedIn.userId)).user_active_time >= today) return false
  return countFirstSignIn(db, signedIn, today)
}

/** Milliseconds. */
export function startOfDay({ clock, config }: Pick<Services, 'clock' | 'config'>): number {
  return parseMoment(formatTime(clock.now(), config.timeZone).slice(0, 10), config.timeZone)
}
