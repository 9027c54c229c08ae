import { createHash } from 'node:crypto'
import { replaceCaptchaAnswer, takeCaptchaAnswer } from '../../../db/captcha-answers.js'
import { transaction } from '../../../db/transaction.js'
import { isWithinReach } from '../../../gateway/services/clock.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'

/** Milliseconds a picture's answer is kept (account.md §7). */
const lifetime = 5 * 60_000

/** Keeps a picture's text under the client's key, in place of the text of the key's former picture. */
export async function storeCaptcha(
  { db, vault, clock }: Pick<Services, 'db' | 'vault' | 'clock'>,
  key: string,
  text: string,
): Promise<void> {
  const stored = storedKey(key)
  await replaceCaptchaAnswer(db, {
    captcha_key: stored,
    digest: vault.digest('captcha-answer', answerText(stored, text)),
    expires_at: clock.now() + lifetime,
  })
}

/**
 * Checks the answer to the key's picture, in any case of its letters, and uses the picture up whatever comes of it.
 * Throws VALID_ERROR. Commits by itself: a picture stays used whatever the caller does next.
 */
export async function takeCaptcha(
  services: Pick<Services, 'db' | 'vault' | 'clock'>,
  key: string,
  answer: string,
): Promise<void> {
  const stored = storedKey(key)
  const { vault, clock } = services
  const row = await transaction(services, ({ db }) => takeCaptchaAnswer(db, stored))
  const now = clock.now()
  const isRight =
    row !== undefined &&
    now <= row.expires_at &&
    isWithinReach(row.expires_at, now, lifetime) &&
    vault.digestMatches('captcha-answer', answerText(stored, answer), row.digest)
  if (!isRight) throw new GatewayError('VALID_ERROR')
}

/** Clients choose their keys freely, numbers and e-mail addresses among them, so none is kept as it is. */
function storedKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

function answerText(stored: string, text: string): string {
  return `${stored} ${text.toLowerCase()}`
}
