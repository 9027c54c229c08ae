import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Knex } from 'knex'
import { insertUser } from '../../../db/users.js'
import { dataOf, signParameters, type TestApp } from '../../harness.js'
import { fetchAnswer, type HttpAnswer } from '../../fetch-answer.js'
import { hashQuickly } from '../../password-cost.js'

const password = 'right password'
/** Signed calls and calls of a session between a code that is sent and the same code that is checked. */
const between = 4

/** Calls of everything that hangs on a key of the nodes': signatures, sessions, codes, encrypted passwords. */
export interface RotationLoad {
  /** The secret that clients sign with from now on. */
  useSecret(secret: string): void
  /** Waits until every client has signed in again. */
  signInAgain(): Promise<void>
  /** Ends it; the answers that were none, each with what was asked. */
  stop(): Promise<{ readonly calls: number; readonly failed: readonly string[]; readonly perSecond: number }>
}

interface Target {
  readonly url: string
  readonly db: Knex
  readonly app: TestApp
  /** What the numbers that codes are sent to begin with: three digits of this load alone. */
  readonly numbers: string
  readonly clients: number
  /** In all; each client makes one call after the other and is never ahead of it. */
  readonly perSecond: number
}

/** Starts clients that call a proxy before several nodes. */
export async function startRotationLoad(target: Target): Promise<RotationLoad> {
  const { url, db, clients } = target
  let app = target.app
  let calls = 0
  const failed: string[] = []
  const end = new AbortController()
  const startedAt = performance.now()
  const signIns = Array.from({ length: clients }, () => 0)
  const passwordHash = await hashQuickly(password)
  const ask = async (what: string, send: () => Promise<HttpAnswer>, isRight: (text: string) => boolean) => {
    const late = (calls / target.perSecond) * 1000 - (performance.now() - startedAt)
    calls++
    if (late > 0) await sleep(late)
    const answer = await send().catch((error: unknown) => ({
      status: 0,
      text: String(error),
      json: undefined,
    }))
    if (!isRight(answer.text)) failed.push(`${what}: ${answer.status} ${answer.text}`)
    return answer
  }
  const signed = (params: Record<string, string>) => () =>
    fetchAnswer(`${url}/gateway?${new URLSearchParams(signParameters(app, params)).toString()}`)
  const got = (path: string) => () => fetchAnswer(`${url}${path}`)
  const posted = (path: string, fields: Record<string, string>) => () =>
    fetchAnswer(`${url}${path}`, { method: 'POST', body: new URLSearchParams(fields) })
  const holds = (part: string) => (text: string) => text.includes(part)

  const client = async (at: number) => {
    const account = `${target.app.name}-${at}`
    await insertUser(db, { account, passwordHash, createdAt: 0 })
    for (let round = 0; !end.signal.aborted; round++) {
      const shown = await ask('publicKey', got('/front/sys/config/publicKey'), holds('"public_key"'))
      if (!shown.json) continue
      const given = encrypt(dataOf<{ public_key: string }>(shown.json).public_key, password)
      const login = posted('/front/account/login/login', {
        user_account: account,
        password: given,
        encrypt: 'true',
      })
      const signedIn = await ask('login', login, holds('"token"'))
      if (!signedIn.text.includes('"token"')) continue
      const { token } = dataOf<{ token: string }>(signedIn.json)
      signIns[at] = (signIns[at] ?? 0) + 1
      for (let pair = 0; pair < 3 && !end.signal.aborted; pair++) {
        const mobile = `${target.numbers}${String(at).padStart(2, '0')}${String(round * 3 + pair).padStart(6, '0')}`
        const number = { area: '86', mobile }
        await ask('sendcode', signed({ method: 'web.passport.sendcode', ...number }), holds('"code":200'))
        for (let n = 0; n < between; n++) {
          await ask(
            'signed',
            signed({ method: 'web.passport.getUserHabits', uid: '987654321' }),
            holds('"code":10010'),
          )
          await ask('session', got(`/front/account/user/info?perm_key=${token}`), holds('"code":0'))
        }
        const sent = await db('outbox_message')
          .where({ address: `+86${mobile}` })
          .first()
        const code = /(\d{4,8})/.exec(sent?.text ?? '')?.[1] ?? ''
        await ask(
          'checkcode',
          signed({ method: 'web.passport.checkcode', ...number, code }),
          holds('"code":200'),
        )
      }
    }
  }
  const running = Array.from({ length: clients }, (_, at) =>
    client(at).catch((error: unknown) => void failed.push(String(error))),
  )
  return {
    useSecret(secret) {
      app = { ...app, secret }
    },
    async signInAgain() {
      const wanted = signIns.map((count) => count + 2)
      const isDone = () => signIns.every((count, at) => count >= (wanted[at] ?? 0))
      while (!isDone() && failed.length < clients) await sleep(50)
    },
    async stop() {
      end.abort()
      await Promise.all(running)
      return { calls, failed, perSecond: Math.round(calls / ((performance.now() - startedAt) / 1000)) }
    },
  }
}

function encrypt(publicKey: string, text: string): string {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(text)).toString('base64')
}
