import { hash, randomBytes, randomInt } from 'node:crypto'
import { listRecoveryCodes, saveRecoveryCodes, takeRecoveryCode } from '../../../db/second-factors.js'
import type { Services } from '../../../gateway/services/services.js'

const count = 10
/** Crockford's base32: nothing in it looks like something else. Twelve of them are sixty bits. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 12

type CodeServices = Pick<Services, 'db' | 'vault'>

/** Gives a user new codes in place of those that are left. They are shown once: the database has their digests, sealed. */
export async function renewRecoveryCodes({ db, vault }: CodeServices, userId: number): Promise<string[]> {
  const codes = Array.from({ length: count }, makeCode)
  await saveRecoveryCodes(
    db,
    userId,
    // Sealed, as a keyed digest would bind the codes on paper to one key for ever.
    codes.map((code) => ({
      code_digest: randomBytes(32).toString('hex'),
      sealed_digest: vault.seal('console-recovery', digestOf(code)),
    })),
  )
  return codes
}

/** Whether a code is one of the user's; it is used up by that, whichever of parallel calls it was. */
export async function acceptRecoveryCode(
  { db, vault }: CodeServices,
  userId: number,
  code: string,
): Promise<boolean> {
  const codes = await listRecoveryCodes(db, userId)
  const found = codes.find(({ code_digest, sealed_digest }) =>
    sealed_digest === ''
      ? vault.digestMatches('console-recovery', plain(code), code_digest)
      : vault.open('console-recovery', sealed_digest) === digestOf(code),
  )
  return found !== undefined && takeRecoveryCode(db, userId, found.code_digest)
}

function digestOf(code: string): string {
  return hash('sha256', plain(code))
}

function makeCode(): string {
  const text = Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
  return text.replaceAll(/.{4}(?=.)/g, '$&-')
}

/** A code as it was meant, however it was copied from paper. */
function plain(code: string): string {
  return code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
}
