/** An application, as `manage.console.application.list` shows it. */
export interface Application {
  readonly name: string
  readonly scheme: 'legacy' | 'hmac-sha256'
  readonly trust: 'server' | 'public'
  readonly enabled: boolean
  readonly live_secrets: number
  readonly unreadable_secrets: number
  readonly grants: readonly string[]
  readonly addresses: readonly string[]
  /** 0: what CODE_LENGTH says. */
  readonly code_length: number
  readonly recut: 'report' | 'refuse'
  readonly query_credentials: 'accept' | 'refuse'
  /** Milliseconds. */
  readonly registered_at: number
  readonly changed_at: number
  /** 0: not in 400 days. */
  readonly last_seen_at: number
  readonly calls: number
}

interface AppCaller {
  readonly version: string
  readonly calls: number
  readonly first_seen_at: number
  readonly last_seen_at: number
}

interface QueryCaller extends AppCaller {
  readonly method: string
  readonly network: string
}

/** The same with who calls in its name. */
export interface CalledApplication extends Application {
  readonly callers: readonly AppCaller[]
  readonly query_callers: readonly QueryCaller[]
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
