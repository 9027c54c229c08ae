/** The users that an empty development database is filled with; all have the same password. */
export const demoUsers = [
  { uid: 12345, account: 'demo12345' },
  { uid: 6030455, account: 'demo6030455' },
  { uid: 5357305, account: 'demo5357305' },
] as const

export const demoPassword = '1234567'
