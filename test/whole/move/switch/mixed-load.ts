import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OldGateway } from '../../../servers/old-gateway/old-gateway.js'
import { type ClientCall, signedCall } from '../../../servers/old-gateway/client.js'

/** An answer, and which server gave it: PHP says so itself. */
export interface SidedAnswer {
  readonly status: number
  readonly text: string
  readonly side: 'old' | 'new'
}

export interface MixedLoad {
  readonly figures: {
    calls: number
    pairs: number
    readonly failed: string[]
    readonly wrongSided: string[]
  }
  /** Ends it, and waits for what is under way. */
  stop(): Promise<void>
}

interface LoadOptions {
  /** Proxies, each asked in its turn. */
  readonly urls: readonly string[]
  readonly old: OldGateway
  /** The code that the new server has texted to a number. */
  readonly newCode: (mobile: string) => Promise<string>
  readonly callsPerSecond: number
  /** One call in so many sends a code, which is checked through another proxy. */
  readonly pairEvery: number
}

const agent = new Agent({ keepAlive: true })

/** Makes calls at their time, whether others are answered or not. */
export function startMixedLoad(options: LoadOptions): MixedLoad {
  const { urls, old, callsPerSecond, pairEvery } = options
  const figures: MixedLoad['figures'] = { calls: 0, pairs: 0, failed: [], wrongSided: [] }
  const under = new Set<Promise<void>>()
  const state = { isStopped: false }
  const urlAt = (count: number) => urls[count % urls.length] ?? ''
  const run = async () => {
    const began = performance.now()
    for (let count = 0; !state.isStopped; count++) {
      const wait = began + (count * 1000) / callsPerSecond - performance.now()
      if (wait > 1) await sleep(wait)
      const work = (count % pairEvery === 0 ? pair(count) : read(count))
        .catch((error: unknown) => void figures.failed.push(String(error)))
        .finally(() => under.delete(work))
      under.add(work)
    }
    await Promise.all(under)
  }
  const read = async (count: number) => {
    const uid = String(old.users[count % old.users.length]?.uid)
    const answer = await ask(urlAt(count), signed(old, 'web.passport.getUserVerifyInfo', { uid }))
    figures.calls++
    if (!isGood(answer)) figures.failed.push(`${answer.status} ${answer.text}`)
  }
  const pair = async (count: number) => {
    const mobile = `138${String(10_000_000 + (count % 90_000_000))}`
    const [first, second] = [urlAt(count / pairEvery), urlAt(count / pairEvery + 1)]
    const sent = await ask(first, signed(old, 'web.passport.sendcode', { mobile, area: '86' }, 'POST'))
    figures.calls++
    if (!isGood(sent)) {
      figures.failed.push(`sendcode: ${sent.status} ${sent.text}`)
      return
    }
    const code = sent.side === 'old' ? old.lastSent(mobile) : await options.newCode(mobile)
    // So that a switch falls between the two every now and then.
    await sleep(Math.random() * 1500)
    const checked = await ask(second, signed(old, 'web.passport.checkcode', { mobile, area: '86', code }))
    figures.calls++
    figures.pairs++
    if (!isGood(checked)) figures.failed.push(`checkcode: ${checked.status} ${checked.text}`)
    if (checked.side !== sent.side) figures.wrongSided.push(mobile)
  }
  const running = run()
  return {
    figures,
    async stop() {
      state.isStopped = true
      await running
    },
  }
}

/** A call of the old server's application h5. */
export function signed(
  old: OldGateway,
  method: string,
  params: Readonly<Record<string, string>>,
  verb: ClientCall['verb'] = 'GET',
): ClientCall {
  return signedCall({ name: 'h5', secret: old.apps['h5'] ?? '' }, method, params, verb)
}

/** Sends one through a proxy, on a connection that others use too. */
export function ask(base: string, { verb, path, params }: ClientCall): Promise<SidedAnswer> {
  const form = new URLSearchParams(params).toString()
  const isPost = verb === 'POST'
  const headers = isPost
    ? { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': String(form.length) }
    : {}
  return new Promise((resolve, reject) => {
    const asked = request(
      `${base}${path}${isPost ? '' : `?${form}`}`,
      { method: verb, headers, agent },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (bytes: Buffer) => chunks.push(bytes))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString('utf8'),
            side: String(response.headers['x-powered-by']).startsWith('PHP') ? 'old' : 'new',
          }),
        )
      },
    )
    asked.on('error', reject)
    asked.end(isPost ? form : undefined)
  })
}

function isGood({ status, text }: SidedAnswer): boolean {
  return status === 200 && text.includes('"code":200')
}
