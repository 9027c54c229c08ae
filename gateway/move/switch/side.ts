/** Which of the two servers of a move. */
export type Side = 'old' | 'new'

/** Shares are whole numbers of this: ten thousandths. */
export const wholeShare = 10_000
