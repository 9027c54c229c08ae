import { randomBytes } from 'node:crypto'
import { isNicknameTaken } from '../../../db/nicknames.js'
import type { Services } from '../../../gateway/services/services.js'
import type { Mobile } from '../contacts/mobiles.js'
import { isReserved } from '../profiles/nicknames.js'

interface NewName {
  readonly account?: string
  readonly nickname?: string
  readonly mobile?: Mobile
}

/**
 * The nickname of a new user: the one that was sent, else the account that was chosen, if nobody goes by it. Clients show
 * it: neither the number nor the address is anybody else's business.
 */
export async function chooseNickname(
  services: Pick<Services, 'db' | 'cache'>,
  { nickname = '', account, mobile }: NewName,
): Promise<string> {
  if (nickname !== '' && !(mobile && nickname.includes(mobile.number))) return nickname
  const isTaken = async (name: string) =>
    (await isNicknameTaken(services.db, name)) || isReserved(services, name, 0)
  return account !== undefined && !(await isTaken(account))
    ? account
    : `用户${randomBytes(5).toString('hex')}`
}
