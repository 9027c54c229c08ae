import { mask } from '../../../config/mask.js'
import { emptyParameters, type RawParameters } from '../../wire/query-string.js'
import type { ClientApp } from '../../services/apps/apps.js'
import {
  hmacSignedText,
  legacySignedText,
  signaturesEqual,
  signHmac,
  signLegacy,
} from '../../wire/signature.js'
import type { Mistake } from './mistakes/mistake.js'
import { possibleMistakes } from './mistakes/possible.js'
import { firstOfEach, followRecipe, hmacRecipe, legacyRecipe, type SentPair } from './recipe.js'

/** The part of an application that makes and judges its signatures. */
export type SigningApp = Pick<ClientApp, 'name' | 'scheme' | 'secrets'>

/** A call as a client sent it. */
export interface SentCall {
  /** The path of the URL. */
  readonly path: string
  /** The pairs of the query string, then those of the form. */
  readonly pairs: readonly SentPair[]
  /** Milliseconds of the gateway's clock. */
  readonly now: number
}

export interface Diagnosis {
  /** Whether the gateway takes the signature. */
  readonly fits: boolean
  /** The live secret it was made with, 0 the newest; undefined if unknown. */
  readonly slot: number | undefined
  /** The client's mistakes. */
  readonly mistakes: readonly string[]
  /** Matters that the gateway accepts but the client's developer should know. */
  readonly warnings: readonly string[]
  /** The text that the gateway signs, the secret masked. */
  readonly text: string
}

/** Seconds that a time stamp of scheme hmac-sha256 may be off (passport.md §3). */
const clockTolerance = 300

/**
 * Finds the secret that a signature was made with; else the one or two mistakes of the client that explain it, or
 * the other application whose secret it was made with.
 */
export function diagnose(call: SentCall, app: SigningApp, others: readonly SigningApp[]): Diagnosis {
  const pairs = signedPairs(call, app.scheme)
  const params = paramsOf(pairs)
  const given = params['client_secret'] ?? ''
  const own = [
    ...callerMistakes(params, app),
    ...(app.scheme === 'hmac-sha256' ? hmacMistakes(params, call.now) : []),
  ]
  const found =
    given === '' ? { mistakes: ['client_secret, the signature, is missing'] } : examine(pairs, app, given)
  const mistakes = [...own, ...(found?.mistakes ?? foreignSecret(call, others, given))]
  return {
    fits: found !== undefined && mistakes.length === 0,
    slot: found?.slot,
    mistakes,
    warnings: warningsOf(call.pairs, app),
    text: maskedText(params, app),
  }
}

/** The text that an application's signature covers, with its secrets masked. */
export function maskedText(params: RawParameters, { scheme, secrets }: SigningApp): string {
  const text = scheme === 'legacy' ? legacySignedText(params, mask) : hmacSignedText(params)
  const sent = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)])
  return sent.reduce((masked, secret) => masked.replaceAll(secret, mask), text)
}

/** The name of the method that a path stands for, `/gateway/NAME` or a REST path; undefined for other paths. */
export function methodOfPath(path: string): string | undefined {
  return methodNamedIn(path) ?? /\/((?:front|manage)\/.*?)\/?$/.exec(path)?.[1]?.replaceAll('/', '.')
}

function methodNamedIn(path: string): string | undefined {
  return /\/gateway\/([^/]+)\/?$/.exec(path)?.[1]
}

/** A path that names its method needs no `method`; on `/gateway/NAME`, and by scheme hmac-sha256 on each, it is signed. */
function signedPairs({ path, pairs }: SentCall, scheme: SigningApp['scheme']): readonly SentPair[] {
  const isSent = pairs.some(({ name }) => name === 'method')
  const named = isSent ? undefined : methodNamedIn(path)
  const method = scheme === 'hmac-sha256' ? methodOfPath(path) : named
  return method === undefined ? pairs : [{ name: 'method', value: method, raw: method }, ...pairs]
}

function paramsOf(pairs: readonly SentPair[]): RawParameters {
  const params = emptyParameters()
  for (const { name, value } of firstOfEach(pairs)) params[name] = value
  return params
}

interface Finding {
  readonly slot?: number
  readonly mistakes: readonly string[]
}

function examine(pairs: readonly SentPair[], app: SigningApp, given: string): Finding | undefined {
  const params = paramsOf(pairs)
  const right = app.secrets.findIndex((secret) => fits(params, app.scheme, secret, given))
  if (right >= 0) return { slot: right, mistakes: [] }
  const possible = possibleMistakes(pairs, app.scheme)
  const singles = possible.map((mistake) => [mistake])
  const couples = possible.flatMap((first) =>
    possible.filter((second) => second !== first).map((second) => [first, second]),
  )
  for (const made of [...singles, ...couples]) {
    const isMadeWith = (secret: string) => madeWith(made, pairs, app.scheme, secret) === given.toLowerCase()
    const slot = app.secrets.findIndex(isMadeWith)
    if (slot < 0) continue
    const mistakes = made.map(({ name }) => name)
    // What fits with any secret holds none.
    return isMadeWith('any other') ? { mistakes } : { slot, mistakes }
  }
  return undefined
}

function fits(params: RawParameters, scheme: SigningApp['scheme'], secret: string, given: string): boolean {
  return signaturesEqual(scheme === 'legacy' ? signLegacy(params, secret) : signHmac(params, secret), given)
}

function madeWith(
  mistakes: readonly Mistake[],
  pairs: readonly SentPair[],
  scheme: SigningApp['scheme'],
  secret: string,
): string {
  const right = scheme === 'legacy' ? legacyRecipe(pairs, secret) : hmacRecipe(pairs, secret)
  return followRecipe(mistakes.reduce((recipe, { change }) => change(recipe, pairs), right)).toLowerCase()
}

function foreignSecret(call: SentCall, others: readonly SigningApp[], given: string): string[] {
  const owner = others.find(({ scheme, secrets }) => {
    const params = paramsOf(signedPairs(call, scheme))
    return secrets.some((secret) => fits(params, scheme, secret, given))
  })
  return owner ? [`the secret is that of the application ${owner.name}`] : []
}

function callerMistakes(params: RawParameters, { name }: SigningApp): string[] {
  const caller = params['app_key'] || params['client_type']
  if (!caller) return [`client_type is missing; it is the application's name, ${name}`]
  return caller === name ? [] : [`the call names the application ${caller}, not ${name}`]
}

function hmacMistakes(params: RawParameters, now: number): string[] {
  const { sign_method: method, timestamp = '', nonce = '' } = params
  const found: string[] = []
  if (method !== 'hmac-sha256') found.push('sign_method is missing or another; it is hmac-sha256')
  if (timestamp === '') found.push('timestamp is missing; it is Unix seconds')
  else if (!/^\d{1,12}$/.test(timestamp)) {
    const isMilliseconds = Math.abs(Number(timestamp) - now) < 365 * 86_400_000
    found.push(
      isMilliseconds
        ? 'timestamp is in milliseconds; it is Unix seconds'
        : 'timestamp is no number of Unix seconds',
    )
  } else {
    const ahead = Number(timestamp) - Math.floor(now / 1000)
    const side = ahead < 0 ? 'behind' : 'ahead of'
    if (Math.abs(ahead) > clockTolerance)
      found.push(
        `timestamp is ${Math.abs(ahead)} seconds ${side} this clock; at most ${clockTolerance} are taken`,
      )
  }
  if (nonce === '') found.push('nonce is missing; it is new for each call')
  else if (!/^[\x21-\x7e]{8,64}$/.test(nonce))
    found.push('nonce is not 8 to 64 printable ASCII characters without spaces')
  return found
}

function warningsOf(pairs: readonly SentPair[], { secrets }: SigningApp): string[] {
  const found: string[] = []
  const carriesSecret = pairs.some(({ name, value }) => name === 'private_key' || secrets.includes(value))
  if (carriesSecret) found.push('the secret is sent along: anybody on the way can read it, so rotate it')
  if (pairs.some(({ value }) => value.includes('\ufffd'))) found.push('a value is not UTF-8')
  const names = pairs.map(({ name }) => name)
  const repeated = [...new Set(names.filter((name, at) => names.indexOf(name) !== at))]
  for (const name of repeated) found.push(`${name} is sent more than once; the first value counts`)
  return found
}
