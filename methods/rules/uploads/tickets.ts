import { findUploadsOf } from '../../../db/uploaded-files.js'
import type { Services } from '../../../gateway/services/services.js'

/** Where uploads are served, below PUBLIC_URL. */
export const uploadPath = '/uploads/'

/** Pages show pictures by their address alone, without a token; so long it works. */
const ticketMilliseconds = 60 * 60_000

const ownAddress = /^[^?#]*\/uploads\/([\w-]{32}\.[a-z]{3,4})(?:[?#]|$)/

/** The name of the upload that an address on this server leads to, or undefined. */
export function uploadNameOf(address: string, publicUrl: string): string | undefined {
  const isOurs = address.startsWith(`${publicUrl}${uploadPath}`) || address.startsWith(uploadPath)
  return isOurs ? ownAddress.exec(address)?.[1] : undefined
}

type TicketServices = Pick<Services, 'vault' | 'clock' | 'config'>

/** The address of an upload, which whoever holds it may open for an hour. */
export function uploadAddress({ vault, clock, config }: TicketServices, name: string): string {
  const expiresAt = clock.now() + ticketMilliseconds
  const ticket = `${expiresAt}.${vault.digest('upload', `${name} ${expiresAt}`)}`
  return `${config.publicUrl}${uploadPath}${name}?ticket=${ticket}`
}

/**
 * The pictures of a user's certificate, uploads of this user to be opened for another hour: for who may see them. The
 * address of another user's upload stays as it is, and opens nothing.
 */
export async function withFreshTickets(
  services: TicketServices & Pick<Services, 'db'>,
  ownerId: number,
  addresses: readonly string[],
): Promise<string[]> {
  const names = addresses.map((address) => uploadNameOf(address, services.config.publicUrl))
  const own = await findUploadsOf(
    services.db,
    ownerId,
    names.filter((name) => name !== undefined),
  )
  return addresses.map((address, at) => {
    const name = names[at]
    return name !== undefined && own.has(name) ? uploadAddress(services, name) : address
  })
}

/** Whether a ticket opens an upload now. */
export function isTicketFor({ vault, clock }: TicketServices, name: string, ticket: string): boolean {
  const [, expiresAt, digest] = /^(\d{1,15})\.([0-9a-f]{64})$/.exec(ticket) ?? []
  if (expiresAt === undefined || digest === undefined || Number(expiresAt) <= clock.now()) return false
  return vault.digestMatches('upload', `${name} ${expiresAt}`, digest)
}
