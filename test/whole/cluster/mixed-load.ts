import { setTimeout as sleep } from 'node:timers/promises'
import type { RaceAnswer } from '../races/post.js'
import type { Service } from './service.js'

const done = 200
const wrongCode = 404

/** What calls came to. */
export interface Figures {
  readonly calls: number
  readonly failed: readonly Failure[]
  /** The longest time to an answer, in milliseconds. */
  readonly slowest: number
  /** Names of addresses whose adding was acknowledged. */
  readonly added: ReadonlySet<string>
  /** Tokens whose end was acknowledged. */
  readonly ended: readonly string[]
  /** Codes that two calls were told to have used. */
  readonly usedTwice: number
  readonly used: number
}

interface Failure {
  /** When it was answered, or given up. */
  readonly at: number
  readonly what: string
}

interface Customer {
  readonly token: string
}

/** Counts while it runs. */
class Tally implements Figures {
  calls = 0
  failed: Failure[] = []
  slowest = 0
  added = new Set<string>()
  ended: string[] = []
  usedTwice = 0
  used = 0

  /** The answer, where it is one of those expected; undefined of a call that failed. */
  async count(
    title: string,
    expected: readonly number[],
    call: Promise<RaceAnswer>,
  ): Promise<number | undefined> {
    const begin = Date.now()
    const answer = await call.catch((error: unknown) => String(error))
    const now = Date.now()
    this.calls++
    this.slowest = Math.max(this.slowest, now - begin)
    if (typeof answer !== 'string' && expected.includes(answer.code)) return answer.code
    const what = typeof answer === 'string' ? answer : `${answer.status} ${answer.body.slice(0, 80)}`
    this.failed.push({ at: now, what: `${title}: ${what}` })
    return undefined
  }
}

type Act = (service: Service, customer: Customer, tally: Tally) => Promise<void>

/** Kinds of calls, by how many of a hundred begin with them. */
const acts: readonly (readonly [share: number, act: Act])[] = [
  [40, readOwn],
  [20, readAnother],
  [25, addAddress],
  [10, useCode],
  [5, endSession],
]

async function readOwn({ call }: Service, { token }: Customer, tally: Tally): Promise<void> {
  await tally.count('info', [done], call('front.account.user.info', { perm_key: token }))
}

async function readAnother({ call }: Service, _: Customer, tally: Tally): Promise<void> {
  const params = { uid: '987654321' }
  // Nobody has this number.
  await tally.count('habits', [10010], call('web.passport.getUserHabits', params))
}

let names = 0

async function addAddress({ call }: Service, { token }: Customer, tally: Tally): Promise<void> {
  const ud_name = `name-${++names}`
  const params = { perm_key: token, ud_name }
  const code = await tally.count('add', [done], call('front.account.userDeliveryAddress.add', params))
  if (code === done) tally.added.add(ud_name)
}

/** A new code, which two calls use at once. */
async function useCode({ call, nextMobile, codeOf }: Service, _: Customer, tally: Tally): Promise<void> {
  const mobile = nextMobile()
  if (!(await tally.count('sendcode', [done], call('web.passport.sendcode', { mobile })))) return
  const params = { mobile, code: await codeOf(mobile) }
  const check = () => tally.count('checkcode', [done, wrongCode], call('web.passport.checkcode', params))
  const answers = await Promise.all([check(), check()])
  const uses = answers.filter((code) => code === done).length
  tally.used += Math.min(uses, 1)
  if (uses > 1) tally.usedTwice++
}

/** A sign-in by code, and its end. */
async function endSession({ call, nextMobile, codeOf }: Service, _: Customer, tally: Tally): Promise<void> {
  const mobile = nextMobile()
  if (!(await tally.count('sendcode', [done], call('web.passport.sendcode', { mobile })))) return
  const verify_code = await codeOf(mobile)
  let token = ''
  const signIn = call('front.account.login.doSmsLogin', { verify_key: mobile, verify_code }).then(
    (answer) => {
      const { data } = JSON.parse(answer.body) as { data: { token: string } | null }
      token = data?.token ?? ''
      return answer
    },
  )
  if (!(await tally.count('sign-in', [done], signIn))) return
  const end = call('front.account.login.logout', { perm_key: token })
  if (await tally.count('logout', [done], end)) tally.ended.push(token)
}

/** Calls that begin so many times a second, whether the ones before were answered or not, until `stop`. */
export function startLoad(
  service: Service,
  customers: readonly Customer[],
  perSecond: number,
): { stop(): Promise<Figures> } {
  const tally = new Tally()
  const running = new Set<Promise<void>>()
  const end = new AbortController()
  const loop = async () => {
    const begin = Date.now()
    for (let at = 0; !end.signal.aborted; at++) {
      const customer = customers[at % customers.length]
      if (!customer) throw new Error('a load has customers')
      const act = chooseAct(at)(service, customer, tally).catch((error: unknown) => {
        tally.failed.push({ at: Date.now(), what: `test: ${String(error)}` })
      })
      running.add(act)
      void act.finally(() => running.delete(act))
      await sleep(begin + ((at + 1) * 1000) / perSecond - Date.now())
    }
  }
  const looping = loop()
  return {
    async stop() {
      end.abort()
      await looping
      await Promise.all(running)
      return tally
    },
  }
}

/** Acts in a fixed order that mixes them: 37 and 100 have no common divisor. */
function chooseAct(at: number): Act {
  let place = (at * 37) % 100
  for (const [share, act] of acts) {
    if (place < share) return act
    place -= share
  }
  return readOwn
}
