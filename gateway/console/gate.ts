import type { RequestHandler } from 'express'
import type { Services } from '../services/services.js'
import { AddressList } from '../services/apps/address-list.js'
import { createClientAddress } from '../http/client-address.js'

/**
 * Lets those on to developers' pages who may see them: whoever asks by a host of CONSOLE_HOST from an address of
 * CONSOLE_ADDRESSES. To others nothing is there: the request goes on to what answers unknown paths.
 */
export function createConsoleGate({ config }: Pick<Services, 'config'>): RequestHandler {
  const { hosts, addresses } = config.consolePlace
  const addressOf = createClientAddress(config.trustProxy)
  const allowed = addresses.length > 0 ? new AddressList(addresses) : undefined
  return (request, _response, next) => {
    const address = addressOf(request)
    const isHost = hosts.length === 0 || hosts.includes(hostOf(request.headers.host))
    const isAddress = allowed?.has(address) ?? true
    next(isHost && isAddress ? undefined : 'router')
  }
}

/** In lower case, without port and brackets. */
function hostOf(header = ''): string {
  const url = `http://${header}`
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, '$1') : ''
}
