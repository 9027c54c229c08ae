import { createHash } from 'node:crypto'

/** A user of the old server, as its state holds one. */
export interface OldUser {
  readonly uid: number
  readonly account: string
  readonly password: string
  readonly mobile: string
  readonly email: string
  readonly nickname: string
  readonly fullAddress: string
}

/** Made-up users, the same in every run, whose values are to be found nowhere in a record. */
export function makeOldUsers(count: number): readonly OldUser[] {
  return Array.from({ length: count }, (_, place) => ({
    uid: 7_300_000 + place * 37,
    account: `oldmember${place}`,
    password: `Passw0rd-${place * 7919}`,
    mobile: `13${String(911_223_344 + place * 1_234_567).slice(0, 9)}`,
    email: `wanghong${place}@mailhost${place}.com`,
    nickname: `王小明${place}`,
    fullAddress: `上海市/徐汇区/漕溪北路${place + 100}号`,
  }))
}

/** What an old server signs its tokens with. */
export const tokenSecret = 'what-the-old-server-signs-with-0123456789'

/** The state of an old server that has these users: verified, with contacts and a card. */
export function stateOf(users: readonly OldUser[], apps: Readonly<Record<string, string>>): object {
  return {
    apps,
    users: Object.fromEntries(users.map((user) => [user.uid, rowOf(user)])),
    sessions: {},
    ended: {},
    tokenSecret,
    codes: {},
    checks: {},
    mailTokens: {},
    addresses: {},
    lastAddress: 41_000,
  }
}

function rowOf({ password, fullAddress, ...user }: OldUser): object {
  const salt = createHash('md5').update(user.account).digest('hex')
  const hash = createHash('md5').update(`${password}${salt}`).digest('hex')
  const verifiedAt = Date.UTC(2015, 10, 13, 6, 14, 35) / 1000
  return {
    ...user,
    hash,
    salt,
    avatar: '',
    emailVerifiedAt: verifiedAt,
    mobileVerifiedAt: verifiedAt,
    orders: 10,
    vip: [1_452_349_087, 1_483_885_087],
    contacts: {
      qq: String(user.uid * 13),
      msn: '',
      mobile: user.mobile,
      phone: '',
      area_code: '86',
      full_address: fullAddress,
      zip_code: '200030',
    },
    habits: { shopping: '1', dress: '2' },
  }
}
