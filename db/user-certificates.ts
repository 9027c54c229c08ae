import type { Knex } from 'knex'

/** The identity a user claims, sealed, and who reviewed it. */
export interface UserCertificateRow {
  user_id: number
  /** The number of the identity card, sealed under DATA_KEY for `idcard`. */
  sealed_idcard: string
  submitted_at: number
  reviewed_at: number | null
  /** 0: nobody yet. */
  reviewer_id: number
  review_note: string
}

declare module 'knex/types/tables.js' {
  interface Tables {
    user_certificate: UserCertificateRow
  }
}

/** `user_is_authentication` (account.md §8). */
export const authentication = { none: 0, waiting: 1, passed: 2, failed: 3 } as const

/** Stores a submission in place of the user's former one, as not reviewed. */
export async function replaceCertificate(
  db: Knex,
  row: Pick<UserCertificateRow, 'user_id' | 'sealed_idcard' | 'submitted_at'>,
): Promise<void> {
  await db('user_certificate')
    .insert({ ...row, reviewed_at: null, reviewer_id: 0, review_note: '' })
    .onConflict('user_id')
    .merge()
}

export interface CertificateReview {
  readonly passed: boolean
  readonly reviewerId: number
  readonly note: string
  /** Milliseconds. */
  readonly at: number
}

/** Ends a wait, in the caller's transaction; returns false when the user's certificate does not wait. */
export async function markReviewed(
  db: Knex,
  userId: number,
  { passed, reviewerId, note, at }: CertificateReview,
): Promise<boolean> {
  const changed = await db('account_user_info')
    .where({ user_id: userId, user_is_authentication: authentication.waiting })
    .update({ user_is_authentication: passed ? authentication.passed : authentication.failed })
  if (changed === 0) return false
  await db('user_certificate')
    .where({ user_id: userId })
    .update({ reviewed_at: at, reviewer_id: reviewerId, review_note: note })
  return true
}
