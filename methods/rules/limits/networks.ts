import { findAddressOwner } from '../../../db/address-owners.js'
import { listSignInAddresses } from '../../../db/user-logins.js'
import type { Origin } from '../../../gateway/contract/method.js'
import { limitKey, networkKey } from '../../../gateway/services/limits/limit-key.js'
import type { Services } from '../../../gateway/services/services.js'
import { type ChannelAddress, channelOf, valueOf } from './addresses.js'

/** Sign-ins that are looked at for where a user comes from. */
const recentSignIns = 50

/** Whether one of a user's last sign-ins came from the network of this address. */
export async function isKnownNetwork(
  { db }: Pick<Services, 'db'>,
  userId: number,
  ip: string,
): Promise<boolean> {
  const addresses = await listSignInAddresses(db, userId, recentSignIns)
  return addresses.some((address) => limitKey(address) === limitKey(ip))
}

/**
 * Whether a call comes from the owner of a number or e-mail address, as far as can be told: who calls is signed in as
 * the owner, or calls from a network that the owner has signed in from. Takes the same statements when nobody owns it.
 */
export async function isFromOwner(
  services: Pick<Services, 'db'>,
  address: ChannelAddress,
  { app, ip, session }: Pick<Origin, 'app' | 'ip' | 'session'>,
): Promise<boolean> {
  const userId = await findOwner(services, address)
  const isKnown = await isKnownNetwork(services, userId, ip)
  if (session !== undefined && session.userId === userId) return true
  return isKnown && !isBackEnd(app)
}

/** An application that is bound to its own addresses is a back end: they say nothing of its visitors. */
export function isBackEnd(app: Origin['app']): boolean {
  return app !== undefined && app.addresses.length > 0
}

/**
 * Sends from one network use the same row and go one after the other within the process, as those to one address do. On
 * several writers that leaves the row to one call of each node: as many as come would undo each other at their commits.
 */
export function inNetworkTurn<T>(
  { turns }: Pick<Services, 'turns'>,
  { app, ip }: Pick<Origin, 'app' | 'ip'>,
  work: () => Promise<T>,
): Promise<T> {
  return isBackEnd(app) ? work() : turns.take(`send:${networkKey(ip)}`, work)
}

/** The owner's id; 0 for nobody. Numbers of an old shop are owned without proof as well (account.md §8). */
async function findOwner({ db }: Pick<Services, 'db'>, address: ChannelAddress): Promise<number> {
  const kind = channelOf(address) === 'sms' ? 'mobile' : 'email'
  const owner = await findAddressOwner(db, kind, valueOf(address))
  return owner && (kind === 'mobile' || owner.verified_at !== null) ? owner.user_id : 0
}
