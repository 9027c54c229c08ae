import { noteConflict } from '../../../db/identity-conflicts.js'
import type { InTransaction } from '../../../db/transaction.js'
import type { Origin } from '../../../gateway/contract/method.js'
import type { Services } from '../../../gateway/services/services.js'
import { audit } from '../audit.js'
import type { WechatUser } from './profiles.js'

/** Two users of one person are not made one: nobody can tell here whose points and orders to keep. */
export async function noteSharedUnionid(
  services: InTransaction<Services>,
  { unionid = '' }: WechatUser,
  { userId, unionOwner, call }: { userId: number; unionOwner: number; call: Origin },
): Promise<boolean> {
  const conflict = {
    kind: 'wechat-union',
    value: unionid,
    user_id: userId,
    kept_user_id: unionOwner,
    found_at: services.clock.now(),
  } as const
  if (!(await noteConflict(services.db, conflict))) return false
  await audit(services, call, { outcome: 'unionid of another user', actorId: userId, targetId: unionOwner })
  return true
}
