import { createHash } from 'node:crypto'
import { verifyIdentity } from '../../../db/identities.js'
import { saveCounters, saveVip } from '../../../db/passport-cards.js'
import { saveProfile } from '../../../db/passport-profiles.js'
import { insertUser } from '../../../db/users.js'
import type { TestGateway } from '../../harness.js'
import type { OldGateway } from '../../servers/old-gateway/old-gateway.js'
import type { OldUser } from '../../servers/old-gateway/old-users.js'

const verifiedAt = Date.UTC(2015, 10, 13, 6, 14, 35)

/** Gives a gateway of ours the users of an old server, as a copy of its database would. */
export async function addOldUsers({ db }: Pick<TestGateway, 'db'>, { users }: OldGateway): Promise<void> {
  for (const user of users) {
    const salt = createHash('md5').update(user.account).digest('hex')
    await insertUser(db, {
      userId: user.uid,
      account: user.account,
      passwordHash: createHash('md5').update(`${user.password}${salt}`).digest('hex'),
      passwordSalt: salt,
      mobile: user.mobile,
      email: user.email,
      nickname: user.nickname,
      createdAt: verifiedAt,
    })
    await verifyAddresses(db, user)
    await saveVip(db, { user_id: user.uid, level: 0, starts_at: 1_452_349_087, ends_at: 1_483_885_087 })
    await saveCounters(db, user.uid, { order_count: 10 })
    await saveProfile(db, user.uid, {
      qq: String(user.uid * 13),
      mobile: user.mobile,
      area_code: 86,
      full_address: user.fullAddress,
      zip_code: '200030',
      shopping: '1',
      dress: '2',
    })
  }
}

async function verifyAddresses(db: TestGateway['db'], { uid, mobile, email }: OldUser): Promise<void> {
  const own = { user_id: uid, created_at: verifiedAt, verified_at: verifiedAt }
  await verifyIdentity(db, { ...own, kind: 'mobile', value: `+86${mobile}` })
  await verifyIdentity(db, { ...own, kind: 'email', value: email })
}
