import type { Results } from '../calls.js'
import { formatMoment } from '../times.js'

export type Application = Results['manage.console.application.list']['items'][number]

/** The same with who calls in its name. */
export type CalledApplication = Results['manage.console.application.get']

/** How long what an application called with is kept, in milliseconds. */
const remembered = 400 * 86_400_000

/** When it called last, in the words for one that has not called; it may have called before that was forgotten. */
export function lastSeenOf(
  { last_seen_at, registered_at }: Application,
  text: { readonly never: string; readonly notYet: string },
): string {
  if (last_seen_at > 0) return formatMoment(last_seen_at)
  return registered_at > Date.now() - remembered ? text.notYet : text.never
}

/** Its guards that only report, and until when, in the words for that. */
export function reportOnlyOf(
  { report_only, report_until }: Application,
  text: { readonly until: string; readonly noGuard: string },
): string {
  if (report_only.length === 0) return text.noGuard
  return `${report_only.join(', ')} ${text.until} ${formatMoment(report_until)}`
}

/** What a form says of an application. */
export interface ApplicationForm {
  readonly name: string
  readonly scheme: string
  readonly trust: string
  readonly grants: readonly string[]
  /** As written, `any` or nothing for all. */
  readonly addresses: string
  /** Empty or 0: what CODE_LENGTH says. */
  readonly codeLength: string
  readonly recut: string
  readonly queryCredentials: string
}

export const emptyForm: ApplicationForm = {
  name: '',
  scheme: 'hmac-sha256',
  trust: 'server',
  grants: [],
  addresses: '',
  codeLength: '',
  recut: 'refuse',
  queryCredentials: 'refuse',
}

export function formOf(app: Application): ApplicationForm {
  return {
    ...app,
    addresses: app.addresses.join(', '),
    codeLength: app.code_length === 0 ? '' : String(app.code_length),
    queryCredentials: app.query_credentials,
  }
}

/** The parameters of `application.add` and `application.edit`. */
export function paramsOf(form: ApplicationForm): object {
  return {
    name: form.name.trim(),
    scheme: form.scheme,
    trust: form.trust,
    grants: form.grants.join(','),
    addresses: form.addresses.trim() || 'any',
    code_length: form.codeLength.trim() || '0',
    recut: form.recut,
    query_credentials: form.queryCredentials,
  }
}
