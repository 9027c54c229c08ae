import { type Ready, whenReady } from '../outcome/ready.js'
import type { Services } from '../services/services.js'
import type { Passage } from './passage.js'

/**
 * Gives the caller a token that lives on, where that of the call has little life left (account.md §2). The console's
 * sessions are none of these.
 */
export function refreshToken(passage: Passage, { sessions }: Services): Ready<void> {
  if (!passage.session || passage.incoming.console) return
  return whenReady(sessions.refresh(passage.session), (token) => {
    passage.freshToken = token
  })
}
