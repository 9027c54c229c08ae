/** The one that the greeting, the start page and the README show. */
export const shownUser = 5357305

/** The users that an empty development database is filled with; all have the same password. */
export const demoUsers = [
  { uid: 12345, account: 'demo12345' },
  { uid: 6030455, account: 'demo6030455' },
  { uid: shownUser, account: 'demo5357305' },
] as const

export const demoPassword = '1234567'
