import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { issueMailToken } from './tokens.js'
import { sendMail } from './mails.js'

interface Recipient {
  readonly userId: number
  readonly email: string
  readonly generation: number
}

/**
 * Checks the page that a mailed link is to open. Throws PARAM_ERROR unless it is on a host of
 * CALLBACK_HOSTS, and by https if PUBLIC_URL is: anything else would send a user's token to whoever asked.
 */
export function checkCallback({ config }: Pick<Services, 'config'>, callback: string | undefined): void {
  if (callback === undefined || callback === '') return
  const url = URL.canParse(callback) ? new URL(callback) : undefined
  const allowed =
    url &&
    isSafeProtocol(url.protocol, config.publicUrl) &&
    url.username === '' &&
    config.callbackHosts.includes(url.host)
  if (!allowed)
    throw new GatewayError('PARAM_ERROR', {
      detail: 'callback: a page on a host of CALLBACK_HOSTS, by https if PUBLIC_URL is',
    })
}

/** A server that is reached by https mails no link by which a token would travel in the open. */
function isSafeProtocol(protocol: string, publicUrl: string): boolean {
  return protocol === 'https:' || (protocol === 'http:' && publicUrl.startsWith('http:'))
}

/** Mails the link that verifies an address. Throws SEND_FAILED. */
export async function sendVerificationMail(
  services: Services,
  to: Recipient,
  callback?: string,
): Promise<void> {
  const code = issueMailToken(services, { ...to, purpose: 'verify-email' })
  await sendMail(services, to.email, {
    subject: '验证您的邮箱 / Verify your e-mail address',
    zh: ['请打开下面的链接验证您的邮箱，24小时内有效。', '如果不是您本人操作，请忽略这封邮件。'],
    en: [
      'Open the link above within 24 hours to verify your e-mail address.',
      'If you did not ask for it, ignore this mail.',
    ],
    link: linkTo(callback || `${services.config.publicUrl}/verify-email`, code),
  })
}

/** Mails the link that sets a new password. Throws SEND_FAILED. */
export async function sendRecoveryMail(services: Services, to: Recipient): Promise<void> {
  const code = issueMailToken(services, { ...to, purpose: 'reset-password' })
  await sendMail(services, to.email, {
    subject: '重设您的密码 / Reset your password',
    zh: [
      '请打开下面的链接重设您的密码，24小时内有效。',
      '如果不是您本人操作，请忽略这封邮件，您的密码不会改变。',
    ],
    en: [
      'Open the link above within 24 hours to set a new password.',
      'If you did not ask for it, ignore this mail: your password stays as it is.',
    ],
    link: linkTo(`${services.config.publicUrl}/reset-password`, code),
  })
}

function linkTo(page: string, code: string): string {
  const url = new URL(page)
  url.searchParams.set('code', code)
  return url.href
}
