import { type MessageUser, findMessageUsers, findNamedUser } from '../../../db/nicknames.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { readJsonFields } from './drafts.js'

/** How a client names whom it writes to. */
export interface ReceiverParameters {
  readonly user_nickname?: string
  readonly user_other_id?: number
  /** JSON: `{friend_id}` or `{name}`. */
  readonly to?: string
}

type ReceiverServices = Pick<Services, 'db'>

/** Who writes, and who is written to. */
interface Parties {
  readonly sender: MessageUser
  readonly receiver: MessageUser
}

/**
 * Finds the user who writes, and whom the message is for: by nickname, else by id, else by what `to` says. Throws
 * USER_NOT_EXISTS, and TOKEN_BROKEN where who writes is gone.
 */
export async function findParties(
  { db }: ReceiverServices,
  senderId: number,
  params: ReceiverParameters,
): Promise<Parties> {
  const { nickname, userId } = readReceiver(params)
  const ids = userId === undefined ? [senderId] : [senderId, userId]
  const users = await findMessageUsers(db, ids)
  const sender = users.get(senderId)
  if (!sender) throw new GatewayError('TOKEN_BROKEN')
  const byId = userId === undefined ? undefined : users.get(userId)
  const receiver = nickname ? await findNamedUser(db, nickname) : byId
  if (!receiver) throw new GatewayError('USER_NOT_EXISTS')
  return { sender, receiver }
}

/** How a receiver is named: one of the two, or nobody. */
interface Named {
  readonly nickname?: string | undefined
  readonly userId?: number | undefined
}

function readReceiver({ user_nickname: nickname, user_other_id: userId, to }: ReceiverParameters): Named {
  if (nickname) return { nickname }
  // Clients that name the receiver in `to` send 0 for nobody beside it.
  return userId ? { userId } : readAddressee(to)
}

function readAddressee(to: string | undefined): Named {
  const fields = readJsonFields(to)
  const [friend, name] = [fields.get('friend_id'), fields.get('name')]
  const isText = typeof friend === 'string' && /^\d{1,16}$/.test(friend)
  const id = isText || typeof friend === 'number' ? Number(friend) : undefined
  // A number of JSON may be 1e400.
  if (id !== undefined) return Number.isSafeInteger(id) ? { userId: id } : {}
  return typeof name === 'string' ? { nickname: name } : {}
}
