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

/** Whom a message is for: by nickname, else by id, else by what `to` says. Throws USER_NOT_EXISTS. */
export async function findReceiver(
  services: ReceiverServices,
  params: ReceiverParameters,
): Promise<MessageUser> {
  const { user_nickname: nickname, user_other_id: userId } = params
  // Clients that name the receiver in `to` send 0 for nobody beside it.
  const isNamed = nickname || userId
  const receiver = isNamed ? await find(services, nickname, userId) : await findAddressee(services, params.to)
  if (!receiver) throw new GatewayError('USER_NOT_EXISTS')
  return receiver
}

async function findAddressee(
  services: ReceiverServices,
  to: string | undefined,
): Promise<MessageUser | undefined> {
  const fields = readJsonFields(to)
  const [friend, name] = [fields.get('friend_id'), fields.get('name')]
  const isText = typeof friend === 'string' && /^\d{1,16}$/.test(friend)
  const id = isText || typeof friend === 'number' ? Number(friend) : undefined
  // A number of JSON may be 1e400.
  if (id !== undefined) return Number.isSafeInteger(id) ? find(services, undefined, id) : undefined
  return find(services, typeof name === 'string' ? name : undefined, undefined)
}

async function find(
  { db }: ReceiverServices,
  nickname: string | undefined,
  userId: number | undefined,
): Promise<MessageUser | undefined> {
  if (nickname) return findNamedUser(db, nickname)
  return userId === undefined ? undefined : (await findMessageUsers(db, [userId])).get(userId)
}
