import { inSpan } from '../../../db/span.js'
import { escapeHtml } from '../../../gateway/wire/html.js'
import type { Services } from '../../../gateway/services/services.js'

/** What a mail says, in both languages: a user's own is not known. */
export interface MailText {
  readonly subject: string
  readonly zh: readonly string[]
  readonly en: readonly string[]
  readonly link?: string
}

/** Mails an address as text and HTML and counts the outcome. Throws SEND_FAILED. */
export async function sendMail({ mailer, metrics }: Services, to: string, mail: MailText): Promise<void> {
  try {
    const whole = { to, subject: mail.subject, text: asText(mail), html: asHtml(mail) }
    const span = { name: 'send mail', attributes: { 'passport.provider': mailer.provider } }
    await inSpan(span, () => mailer.send(whole))
    metrics.countSend('mail', mailer.provider, 'sent')
  } catch (error) {
    metrics.countSend('mail', mailer.provider, 'failed')
    throw error
  }
}

function asText({ zh, en, link }: MailText): string {
  const lines = link === undefined ? [] : [link, '']
  return [...zh, '', ...lines, ...en, ''].join('\n')
}

function asHtml({ zh, en, link }: MailText): string {
  const paragraph = (line: string) => `<p>${escapeHtml(line)}</p>`
  const href = link === undefined ? '' : escapeHtml(link)
  const anchor = link === undefined ? [] : [`<p><a href="${href}">${href}</a></p>`]
  const body = [...zh.map(paragraph), ...anchor, '<hr>', ...en.map(paragraph)].join('\n')
  return `<!doctype html>\n<html lang="zh"><head><meta charset="utf-8"></head><body>\n${body}\n</body></html>\n`
}
