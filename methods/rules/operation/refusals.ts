import { GatewayError } from '../../../gateway/outcome/errors.js'
import { AppRegistryError } from '../../../gateway/services/apps/registry.js'

/** What an operator is refused with: the English text for the command line, the Chinese one for the account envelope. */
export function refusal(detail: string, reason: string): GatewayError {
  return new GatewayError('FIELD_REFUSED', { detail, reason })
}

/** Does work on the registry of applications, whose refusals a caller of a method is told as all others. */
export async function withRefusals<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AppRegistryError)) throw error
    throw refusal(error.message.replace(/^(?:NAME|--[\w-]+): /, ''), error.reason)
  }
}
