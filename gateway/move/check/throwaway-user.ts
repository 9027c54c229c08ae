/** A user that checks may use: in the file of `--users`, a list of these. */
export interface KnownUser {
  readonly uid: number
  /** What the user signs in by. */
  readonly account?: string
  readonly password?: string
  /** A live token, for checks that must not sign in. */
  readonly token?: string
  /** Whether the token or account is one of an administrator who may see all. */
  readonly administrator?: boolean
  /** What fields of a method's data are known to be, by the method's name. */
  readonly answers?: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>
}

/** Reads the file's users. @throws Error saying what is wrong with it */
export function readKnownUsers(text: string): readonly KnownUser[] {
  const list: unknown = JSON.parse(text)
  if (!Array.isArray(list)) throw new Error('it must be a list of users, as [{"uid": 12345}]')
  return list.map((entry: unknown, place) => {
    if (!isUser(entry))
      throw new Error(`user ${place + 1}: uid must be a number, account, password and token texts`)
    return entry
  })
}

function isUser(entry: unknown): entry is KnownUser {
  if (typeof entry !== 'object' || entry === null || !('uid' in entry)) return false
  const fields = entry as Readonly<Record<string, unknown>>
  const areTexts = ['account', 'password', 'token'].every(
    (name) => fields[name] === undefined || typeof fields[name] === 'string',
  )
  return Number.isSafeInteger(fields['uid']) && areTexts
}
