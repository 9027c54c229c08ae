import type { Variable } from './rule.js'

/** Variables of the old shop that this server stands beside (account-beside.md §2). */
export const shopVariables = {
  SHOP_TOKEN_KEY: {
    type: 'string',
    format: 'shop-token-key',
    'x-secret': true,
    description:
      "The shop's key of tokens, its config.token-key; given, the rest of the shop reads our tokens, and who holds it can be anybody there.",
  },
  SHOP_CUT_OVER: {
    type: 'string',
    format: 'moment',
    description:
      "When sign-in moved here from the shop, such as 2026-01-31T04:00:00+08:00; the shop's own tokens of before count until a day later. Absent, none do.",
  },
  OLD_TOKEN_SECRET: {
    type: 'string',
    minLength: 16,
    'x-secret': true,
    description:
      "The secret of the old server's tokens (JWT HS256): until OLD_TOKEN_UNTIL they are taken, and new ones are signed with it, so that sessions live through the switch and the way back.",
  },
  OLD_TOKEN_UNTIL: {
    type: 'string',
    format: 'moment',
    description:
      'Until when tokens of the old server are taken, such as 2026-01-31T04:00:00+08:00: those of OLD_TOKEN_SECRET, or of a shop, in place of SHOP_CUT_OVER.',
  },
  PASSWORD_UPGRADE: {
    type: 'string',
    enum: ['hold', 'on'],
    description:
      "What becomes of old password hashes: hold keeps them, and writes new ones in salted MD5 as the old server does, be it a passport gateway or a shop, which can check them; on makes all of them argon2id. Absent, hold on a shop's database, on else.",
  },
} as const satisfies Record<string, Variable>
