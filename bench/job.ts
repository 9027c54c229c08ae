/**
 * The peers' job: what every contestant of the gateway measures does for a request. Twelve parameters of a query
 * string, a table of methods, a schema, a user out of 100,000 in memory, an envelope with seven fields. Free of
 * imports, as the peers load the compiled form of this file.
 */

export const jobMethod = 'web.passport.getUserVerifyInfo'

/** A table of methods is no table with one of them. */
export const methodNames: readonly string[] = [
  jobMethod,
  ...Array.from({ length: 59 }, (_, at) => `web.passport.method${at}`),
]

const text = (maxLength: number) => ({ type: 'string', maxLength })

/** The parameters beside `method`, in the order in which clients send them. */
export const jobProperties = {
  uid: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  app_version: { type: 'string', pattern: '^\\d+(\\.\\d+){1,3}$' },
  client_type: text(32),
  os_version: text(32),
  screen_size: { type: 'string', pattern: '^\\d{2,5}x\\d{2,5}$' },
  v: { type: 'integer', minimum: 1, maximum: 100 },
  udid: { type: 'string', minLength: 8, maxLength: 64 },
  session_key: text(64),
  yh_channel: { type: 'integer', minimum: 0, maximum: 1000 },
  gender: text(8),
  business_line: text(32),
}

export const jobRequired: readonly string[] = ['uid', 'app_version', 'client_type', 'udid']

/** The whole query string as one schema, for frameworks that check `method` with the rest. */
export const jobSchema = {
  type: 'object',
  properties: { method: text(64), ...jobProperties },
  required: ['method', ...jobRequired],
}

const textField = { type: 'string' }

/** The answer, for frameworks with a compiled serialiser. */
export const envelopeSchema = {
  type: 'object',
  properties: {
    code: { type: 'integer' },
    data: {
      type: 'object',
      properties: {
        email: textField,
        emailVerify: textField,
        emailVerifyTime: textField,
        mobile: textField,
        mobileVerify: textField,
        mobileVerifyTime: textField,
        uid: { type: 'integer' },
      },
    },
    message: textField,
  },
}

/** Headers of every answer beside its type and length. */
export const envelopeHeaders = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }
export const contentType = 'application/json;charset=UTF-8'
export const successMessage = '操作成功'

export interface JobUser {
  readonly uid: number
  readonly email: string
  readonly mobile: string
  /** Empty: not verified. */
  readonly emailVerifiedAt: string
  readonly mobileVerifiedAt: string
}

export const firstUid = 1_000_001
export const userCount = 100_000

export function makeUser(uid: number): JobUser {
  return {
    uid,
    email: `user${uid}@example.com`,
    mobile: `138${String(uid).padStart(8, '0')}`,
    emailVerifiedAt: uid % 3 === 0 ? '' : '2015-11-13 14:14:35',
    mobileVerifiedAt: uid % 2 === 0 ? '' : '2016-03-19 21:08:12',
  }
}

export function makeUsers(): Map<number, JobUser> {
  const users = new Map<number, JobUser>()
  for (let uid = firstUid; uid < firstUid + userCount; uid++) users.set(uid, makeUser(uid))
  return users
}

/** The seven fields of the answer. */
export function describeUser(user: JobUser) {
  return {
    email: user.email,
    emailVerify: user.emailVerifiedAt === '' ? ('N' as const) : ('Y' as const),
    emailVerifyTime: user.emailVerifiedAt,
    mobile: user.mobile,
    mobileVerify: user.mobileVerifiedAt === '' ? ('N' as const) : ('Y' as const),
    mobileVerifyTime: user.mobileVerifiedAt,
    uid: user.uid,
  }
}

/** What a signing client and the servers share; it guards nothing. */
export const jobSecret = '0123456789abcdef0123456789abcdef'
