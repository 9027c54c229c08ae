import { confirmTotp, findTotp, savePendingTotp, takeTotpStep } from '../../../db/second-factors.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'

/** What every authenticator app knows (RFC 6238): SHA-1, six digits, half a minute. */
const form = { algorithm: 'SHA1', digits: 6, period: 30 } as const
/** Steps that a phone's clock may be off, either way. */
const tolerance = 1
const secretBytes = 20

type TotpServices = Pick<Services, 'db' | 'clock' | 'vault'>

/** What an authenticator app is set up with; shown once. */
export interface NewTotp {
  /** Base32, for who types it. */
  readonly secret: string
  /** `otpauth://…`, for the picture that is scanned. */
  readonly uri: string
}

/** Makes a secret that waits for its first code; one that is in use stays so until then. */
export async function startTotp(
  { db, vault, config }: Pick<Services, 'db' | 'vault' | 'config'>,
  userId: number,
  account: string,
): Promise<NewTotp> {
  const { Secret, TOTP } = await import('otpauth')
  const secret = new Secret({ size: secretBytes })
  const { host } = new URL(config.publicUrl)
  const totp = new TOTP({ ...form, issuer: host, label: account, secret })
  await savePendingTotp(db, userId, vault.seal('console-totp', secret.base32))
  return { secret: secret.base32, uri: totp.toString() }
}

/** Puts the secret that waits in use, where the code is its own. Throws VALID_ERROR. */
export async function confirmNewTotp(services: TotpServices, userId: number, code: string): Promise<void> {
  const { db, clock } = services
  const row = await findTotp(db, userId)
  const step = row && (await stepOf(services, row.pending, code))
  const isConfirmed = row && step !== undefined && (await confirmTotp(db, row, { step, at: clock.now() }))
  if (!isConfirmed) throw new GatewayError('VALID_ERROR')
}

/** Whether a code is the user's, of a time step that no code was accepted for before, on any node. */
export async function acceptTotp(services: TotpServices, userId: number, code: string): Promise<boolean> {
  for (let seen: string | undefined; ; ) {
    const row = await findTotp(services.db, userId)
    const step = row && (await stepOf(services, row.secret, code))
    if (row === undefined || step === undefined || row.secret === seen) return false
    if (await takeTotpStep(services.db, row, step)) return true
    // The step is used up, or the secret was sealed anew meanwhile: then it is another text the second time.
    seen = row.secret
  }
}

/** The time step that a code belongs to; undefined for a wrong one. */
async function stepOf(
  { clock, vault }: Pick<Services, 'clock' | 'vault'>,
  sealed: string,
  code: string,
): Promise<number | undefined> {
  const digits = code.replaceAll(/\s/g, '')
  const secret = sealed === '' ? undefined : vault.open('console-totp', sealed)
  if (secret === undefined || !/^\d{6}$/.test(digits)) return undefined
  const { Secret, TOTP } = await import('otpauth')
  const totp = new TOTP({ ...form, secret: Secret.fromBase32(secret) })
  const timestamp = clock.now()
  const delta = totp.validate({ token: digits, timestamp, window: tolerance })
  return delta === null ? undefined : totp.counter({ timestamp }) + delta
}
