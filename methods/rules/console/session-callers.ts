import { listPermissions } from '../../../db/admins.js'
import { compilePattern } from '../../../gateway/services/apps/apps.js'
import type { Services } from '../../../gateway/services/services.js'
import type { ConsoleCaller } from '../../../gateway/services/sign-in/console-caller.js'
import type { ConsoleSession } from './sessions.js'

/** What a session lets its user call, as the database has the role now. */
export async function callerOf(
  { db }: Pick<Services, 'db'>,
  session: ConsoleSession,
  origin: string,
): Promise<ConsoleCaller> {
  const forms = (await listPermissions(db, session.user_id)).map(compilePattern)
  return {
    session: {
      userId: session.user_id,
      tokenId: session.session_id,
      expiresAt: session.expires_at,
    },
    isEnrolling: session.stage !== 'full',
    provedAt: session.proved_at,
    origin,
    includes(method) {
      const path = `/${method.replaceAll('.', '/')}`
      return forms.some((form) => form.test(path))
    },
  }
}
