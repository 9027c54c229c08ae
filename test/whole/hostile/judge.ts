import { catalogue, type ErrorName } from '../../../gateway/outcome/catalogue.js'
import type { MethodName } from '../../../gateway/contract/method.js'
import type { HttpAnswer } from '../../fetch-answer.js'
import { hostileTexts } from './values.js'
import type { World } from './world.js'

/** No value of a parameter causes these: failures of ours, and refusals of what was all right about the call. */
const impossible: ReadonlySet<string> = new Set<ErrorName>([
  'CRASH',
  'SERVICE_ERROR',
  'UNAVAILABLE',
  'CONTENTION',
  'SEND_FAILED',
  'SIGNATURE_MISSING',
  'SIGNATURE_INVALID',
  'METHOD_NOT_FOUND',
  'VERB_NOT_ALLOWED',
  'IP_BLOCKED',
  'BODY_TYPE',
])
const entries = Object.entries(catalogue).filter(([name]) => !impossible.has(name))

/** By the text of a passport answer, the entries of the catalogue that read so. */
const refusals = new Map<string, (typeof entries)[number][1][]>()
for (const [, entry] of entries) {
  const text = JSON.stringify({ code: entry.passport[0], message: entry.passport[1] })
  refusals.set(text, [...(refusals.get(text) ?? []), entry])
}

/** What only the inside says: SQL, drivers, stacks, files, hashes, passwords of the test users. */
// `\w+Error` would begin anew at each character of a long word.
const leaks =
  /select |insert into|update `|delete from| where |sqlite|mysql|maria|knex|argon2|\bER_|node_modules|\bat .*:\d+:\d+|\.[jt]s\b|\wError\b|password of/i

/** Who signed in is given one; its random letters may spell anything. */
const tokens = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g

/** What is wrong with a passport answer; undefined when it is the method's. */
export function judgePassport(answer: HttpAnswer, method: MethodName, world: World): string | undefined {
  const { status, json, text } = answer
  const leak = findLeak(text, world)
  if (leak) return leak
  const isRaw = answersRaw(method, world)
  if (isRaw && (status === 200 || json === undefined)) return judgeRaw(answer)
  if (status === 302) return judgeRedirect(answer)
  if (json === undefined) return 'no JSON'
  if (answer.headers.get('content-type') !== 'application/json;charset=UTF-8') return 'not the content type'
  if (json.code === 200) {
    if (status !== 200) return `success under HTTP ${status}`
    const keys = Object.keys(json).join()
    return keys === 'code,data,message' ? judgeData(json.data, method, world) : `the keys ${keys}`
  }
  const known = refusals
    .get(text)
    ?.some((entry) => status === errorStatus('http' in entry ? entry.http : undefined, 'passport', isRaw))
  return known ? undefined : 'no error that a value may cause'
}

/** What is wrong with an account answer; undefined when it is the method's. */
export function judgeAccount(answer: HttpAnswer, method: MethodName, world: World): string | undefined {
  const { status, json, text } = answer
  // The name of an error of the catalogue tells nothing of the inside.
  const leak = findLeak(text.replace(/"error":"[A-Z_]+"/, ''), world)
  if (leak) return leak
  const isRaw = answersRaw(method, world)
  if (isRaw && (status === 200 || json === undefined)) return judgeRaw(answer)
  if (status === 302) return judgeRedirect(answer)
  if (json === undefined) return 'no JSON'
  const keys = Object.keys(json).join()
  if (keys !== 'status,code,msg,data,error') return `the keys ${keys}`
  if (json['status'] === 200) {
    if (status !== 200 || json.code !== 0 || json['error'] !== null) return 'success that is none'
    return judgeData(json.data, method, world)
  }
  const [, entry] = entries.find(([name]) => name === json['error']) ?? []
  if (!entry) return 'no error that a value may cause'
  const fits = json['status'] === 250 && json.code === entry.account[0] && json.data === null
  if (!fits) return 'not the envelope of its error'
  return status === errorStatus('http' in entry ? entry.http : undefined, 'account', isRaw)
    ? undefined
    : `HTTP ${status}`
}

/** Whether a method answers a body of its own, or a stream, instead of an envelope. */
function answersRaw(method: MethodName, { gateway }: World): boolean {
  const { 'x-raw': isRaw, 'x-stream': isStream } =
    gateway.gateway.table.byName.get(method)?.contract.document ?? {}
  return isRaw !== undefined || isStream === true
}

function judgeRaw(answer: HttpAnswer): string | undefined {
  const { status, headers, text } = answer
  if (status === 302) return judgeRedirect(answer)
  // What WeChat is answered who can't sign.
  if (status === 403 && text !== '') return 'a refusal that says something'
  // Raw is also what WeChat sent and is given back, whatever that looks like.
  const type = headers.get('content-type') ?? 'application/json'
  const isGuarded = headers.get('x-content-type-options') === 'nosniff' && !type.includes('json')
  return isGuarded ? undefined : 'no raw answer'
}

/** Nobody is sent but to WeChat, to the PC site, or to pages of ours. */
function judgeRedirect({ headers, text }: HttpAnswer): string | undefined {
  const target = headers.get('location') ?? ''
  const isOurs =
    /^(http:\/\/127\.0\.0\.1:\d+\/connect\/|https:\/\/pc\.example\.com\/#\/|http:\/\/passport\.test\/)/
  return isOurs.test(target) && text === '' ? undefined : `led to ${target}`
}

type CatalogueStatus = number | { readonly passport: number; readonly account: number } | undefined

/** A raw method's errors are never HTTP 200. */
function errorStatus(http: CatalogueStatus, dialect: 'passport' | 'account', isRaw: boolean): number {
  const status = typeof http === 'object' ? http[dialect] : (http ?? 200)
  return isRaw && status === 200 ? 400 : status
}

function judgeData(data: unknown, method: MethodName, { gateway }: World): string | undefined {
  const contract = gateway.gateway.table.byName.get(method)?.contract
  if (!contract?.document.$defs?.result)
    return JSON.stringify(data) === '[]' || data === null ? undefined : 'data where there is none'
  return contract.findResultProblem(data)
}

/** The secrets, and what only errors of the inside say. */
function findLeak(text: string, { gateway, apps }: World): string | undefined {
  const { dataKeys, jwtSecrets } = gateway.services.config
  const secret = [...dataKeys, ...jwtSecrets, ...apps.map(({ secret }) => secret)].some((it) =>
    text.includes(it),
  )
  if (secret) return 'a secret'
  const [found] = leaks.exec(withoutEchoes(text).replace(tokens, 'a token')) ?? []
  return found === undefined ? undefined : `a leak: ${found}`
}

/** A caller is answered what it stored; that is no leak, but in an error, where nothing it sent belongs. */
function withoutEchoes(text: string): string {
  if (/^{"(status":250|code":(?!200,))/.test(text)) return text
  return echoes.reduce((left, echo) => left.replaceAll(echo, ''), text)
}

const echoes = Object.values(hostileTexts)
  .filter((text) => leaks.test(text))
  // In an envelope, and raw.
  .flatMap((text) => [JSON.stringify(text).slice(1, -1), text])
  .sort((left, right) => right.length - left.length)

const logged: Readonly<Record<string, RegExp>> = {
  level: /^30$/,
  time: /^20[\d-]+T[\d:.]+Z$/,
  requestId: /^[\w.-]+$/,
  method: /^[\w.]+$/,
  path: /^\/(gateway|(front|manage|sns|wxa|cgi-bin)\/[\w/]+)$/,
  app: /^(web|newer)$/,
  ip: /^127\.0\.0\.1$/,
  status: /^[1-4]\d\d$/,
  code: /^\d+$/,
  milliseconds: /^[\d.]+$/,
  provider: /^(official|mini|web)$/,
  detail: /^((official|mini|web): \d+|access|jsapi)$/,
  msg: /^(call|a call of WeChat failed|WeChat lent a new token)$/,
}

/** What a message to the official account leaves besides that is signed, but says that it is not encrypted. */
const misfit: typeof logged = {
  ...logged,
  level: /^40$/,
  reason: /^plain, with an AES key$/,
  msg: /^a message does not come as WECHAT_MP_AES_KEY says$/,
}

/** What a call leaves besides whose signed text reads as another one: the name of a parameter, and no value. */
const recut: typeof logged = {
  ...logged,
  level: /^40$/,
  reason: /^"&\w+=" stands inside a parameter$/,
  msg: /^a call that can be re-cut was refused$/,
}

/** What is wrong with a log line: each call leaves one, which holds nothing the caller made up. */
export function judgeLogLine(line: string): string | undefined {
  const fields: Record<string, unknown> = JSON.parse(line)
  const forms = 'reason' in fields ? [misfit, recut] : [logged]
  const wrongIn = (expected: typeof logged) =>
    Object.entries(fields).find(([name, value]) => !expected[name]?.test(String(value)))
  const wrong = forms.some((form) => wrongIn(form) === undefined) ? undefined : wrongIn(forms[0] ?? logged)
  return (
    wrong && `a log line with ${JSON.stringify(wrong).slice(0, 200)}: ${String(fields['msg']).slice(0, 200)}`
  )
}
