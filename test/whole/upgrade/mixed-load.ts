import type { Knex } from 'knex'
import { fetchAnswer } from '../../fetch-answer.js'

/** Where calls go, and where what was sent can be read. */
interface Target {
  readonly url: string
  readonly db: Knex
}

const password = 'a password of the upgrade'
let numbers = 0

/** Makes visitors, each of whom writes to the next. */
export async function makeVisitors(target: Target, count: number): Promise<Visitor[]> {
  const visitors = Array.from({ length: count }, () => new Visitor(target))
  for (const visitor of visitors) await visitor.register()
  for (const [at, visitor] of visitors.entries()) visitor.friend = visitors[(at + 1) % count]?.id ?? 0
  return visitors
}

/** A user who does, in each round, what users do, and notes what does not go as it should. */
export class Visitor {
  calls = 0
  id = 0
  friend = 0
  readonly failures: string[] = []
  private rounds = 0
  private readonly mobile = nextNumber()
  private readonly target: Target

  constructor(target: Target) {
    this.target = target
  }

  async register(): Promise<void> {
    const verify_code = await this.getCode(this.mobile)
    const proof = { bind_type: '1', verify_key: this.mobile, verify_code, password }
    this.id = (await this.call<{ user_id?: number }>('account/login/register', proof)).user_id ?? 0
  }

  /** Signs in, keeps an address and a message, proves a number once and no second time, and leaves. */
  async round(): Promise<void> {
    this.rounds++
    const params = { user_account: this.mobile, password }
    const { token = '' } = await this.call<{ token?: string }>('account/login/login', params)
    const own = { perm_key: token }
    const { user_id } = await this.call<{ user_id?: number }>('account/user/info', own, { verb: 'GET' })
    if (user_id !== this.id) this.failures.push(`signed in as ${user_id}, not ${this.id}`)
    await this.keepAddress(own)
    await this.proveNumber()
    const message = { ...own, user_other_id: String(this.friend), message_content: 'hello' }
    await this.call('account/userMessage/add', message)
    await this.call('account/userMessage/setRead', own)
    await this.call('account/login/logout', own)
  }

  private async keepAddress(own: { readonly perm_key: string }): Promise<void> {
    const ud_name = `place ${this.rounds}`
    const added = { ...own, ud_name, ud_is_default: 'true' }
    const { ud_id } = await this.call<{ ud_id?: number }>('account/userDeliveryAddress/add', added)
    type Addresses = { items?: { ud_name: string; ud_is_default: boolean }[] }
    const list = 'account/userDeliveryAddress/list'
    const { items = [] } = await this.call<Addresses>(list, own, { verb: 'GET' })
    const defaults = items.filter((row) => row.ud_is_default).map((row) => row.ud_name)
    if (defaults.join() !== ud_name) this.failures.push(`the default is ${defaults.join()}, not ${ud_name}`)
    await this.call('account/userDeliveryAddress/remove', { ...own, ud_id: String(ud_id) })
  }

  private async proveNumber(): Promise<void> {
    const mobile = nextNumber()
    const proof = { verify_key: mobile, verify_code: await this.getCode(mobile) }
    await this.call('account/login/doSmsLogin', proof)
    await this.call('account/login/doSmsLogin', proof, { error: 'VALID_ERROR' })
  }

  private async getCode(mobile: string): Promise<string> {
    await this.call('sys/captcha/mobile', { mobile })
    const sent = await this.target
      .db('outbox_message')
      .where({ address: `+86${mobile}` })
      .first('text')
    return /(\d{4})/.exec(sent?.text ?? '')?.[1] ?? ''
  }

  /** Whatever is answered but a success, or the named error, is a failure. */
  private async call<Data extends object>(
    path: string,
    params: Record<string, string>,
    { verb = 'POST', error = null }: { readonly verb?: 'GET' | 'POST'; readonly error?: string | null } = {},
  ): Promise<Partial<Data>> {
    this.calls++
    const url = `${this.target.url}/front/${path}`
    const sent = new URLSearchParams(params)
    try {
      const answer = await (verb === 'GET'
        ? fetchAnswer(`${url}?${sent.toString()}`)
        : fetchAnswer(url, { method: 'POST', body: sent }))
      if (answer.json?.['error'] !== error)
        this.failures.push(`${path}: ${answer.status} ${answer.text.slice(0, 200)}`)
      return answer.json?.data ?? {}
    } catch (problem) {
      this.failures.push(`${path}: ${String(problem)}`)
      return {}
    }
  }
}

function nextNumber(): string {
  numbers++
  return `150${String(numbers).padStart(8, '0')}`
}
