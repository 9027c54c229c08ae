import { expect } from 'chai'
import type { Knex } from 'knex'
import { connect } from '../../../db/connect.js'
import { createVault } from '../../../gateway/services/vault.js'
import { onEmptyMariadb } from '../../servers/databases.js'
import { makeOldShop, type OldShopUser } from '../../servers/old-shop/old-shop.js'
import { oldServerOn } from '../../servers/old-shop/old-server.js'
import {
  type GatewayProcess,
  processKeys,
  startGatewayProcess,
} from '../../servers/processes/gateway-process.js'

const code = '4711'
const races = 100
const numberOf = (at: number) => `137${String(10_000_000 + at)}`
const members: readonly OldShopUser[] = Array.from({ length: 40 }, (_, at) => ({
  user_id: 10_002 + at,
  user_account: `member${at}`,
  password: 'abc123',
}))

onEmptyMariadb('two nodes beside an old server that writes at the same time', function (database) {
  this.timeout(240_000)
  let db: Knex
  let nodes: GatewayProcess[] = []
  let old: ReturnType<typeof oldServerOn>
  before(async () => {
    db = connect({ kind: 'mysql', url: database.url })
    await makeOldShop(db, members)
    // The first takes the shop over.
    for (const _ of [1, 2]) nodes.push(await startGatewayProcess(database))
    old = oldServerOn(db)
    await giveCodes()
  })
  after(async () => {
    for (const node of nodes) await node.stop()
    nodes = []
    await db?.destroy()
  })

  /** As if each number had been sent a code. */
  async function giveCodes(): Promise<void> {
    const vault = createVault([processKeys.DATA_KEY])
    const rows = Array.from({ length: 3 * races }, (_, at) => {
      const address = `sms:+86${numberOf(at)}`
      return {
        address,
        code_id: `code-${at}`,
        digest: vault.digest('sent-code', `${address} ${code}`),
        purpose: '',
        wrong_tries: 0,
        expires_at: Date.now() + 600_000,
      }
    })
    await db.batchInsert('sent_code', rows, 200)
  }

  interface Answer {
    readonly status: number
    readonly code: number
    readonly error: string | null
    readonly data: { readonly user_id: number; readonly token: string } | null
  }
  async function post(at: number, path: string, fields: Record<string, string>): Promise<Answer> {
    const node = nodes[at % nodes.length]
    const response = await fetch(`${node?.url}/front/account/${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
    })
    return (await response.json()) as Answer
  }
  const bySms = (at: number) => post(at, 'login/doSmsLogin', { verify_key: numberOf(at), verify_code: code })
  const login = (at: number, user_account: string, password: string) =>
    post(at, 'login/login', { user_account, password })

  const profilesWith = (user_mobile: string): Promise<number[]> =>
    db('account_user_info').where({ user_mobile }).pluck('user_id')

  it('makes one account of a number that registers here and there, and moves no row', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: races }, async (_, at) => {
        const bindings = { 1: `+86${numberOf(at)}` }
        const registration = { account: `+86${numberOf(at)}`, password: 'old password', bindings }
        const [here, there] = await Promise.all([bySms(at), old.register(registration)])
        return { at, here, there, bound: await old.boundUser(bindings[1]) }
      }),
    )
    for (const { at, here, there, bound } of outcomes) {
      expect(here.code, JSON.stringify(here)).to.equal(0)
      expect(bound, 'a row stays with whom the old server has bound').to.equal(there ?? bound)
      // Who signed in here has the number. An account that the old server had only half made by then, and then gave up as
      // its rows were there already, has it in the profile alone: by that it is found again.
      const owners = bound === undefined ? await profilesWith(numberOf(at)) : [bound]
      expect([here.data?.user_id], numberOf(at)).to.deep.equal(owners)
    }
    const there = outcomes.filter((outcome) => outcome.there !== undefined).length
    process.stdout.write(`      ${there} of ${races} numbers were the old server's\n`)
  })

  it('binds a number to one user, here or there', async () => {
    const tokens = await Promise.all(members.map(({ user_account }, at) => login(at, user_account, 'abc123')))
    const rows = members.slice(0, 20).map(({ user_id }, at) => ({ at, user_id, other: members[at + 20] }))
    await Promise.all(
      rows.map(async ({ at, user_id, other }) => {
        const number = numberOf(races + at)
        const fields = {
          verify_key: number,
          verify_code: code,
          perm_key: tokens[at]?.data?.token ?? '',
        }
        const [here, there] = await Promise.all([
          post(at, 'user/bindMobile', fields),
          old.bindMobile(other?.user_id ?? 0, `+86${number}`),
        ])
        expect([here.status === 200, there].filter(Boolean), number).to.have.length(1)
        expect(await old.boundUser(`+86${number}`)).to.equal(there ? other?.user_id : user_id)
      }),
    )
  })

  it('loses no reward, of either server', async () => {
    await db.from('account_user_login').update({ user_active_time: 0 })
    const before = await db.from('pay_user_resource').whereIn(
      'user_id',
      members.map(({ user_id }) => user_id),
    )
    const growth = await db.from('pay_user_exp_history').select('exp_log_id')
    await Promise.all(
      members.flatMap(({ user_id, user_account }, at) => [
        login(at, user_account, 'abc123'),
        ...Array.from({ length: 5 }, () => old.givePoints(user_id, 2)),
        login(at + 1, user_account, 'abc123'),
      ]),
    )
    for (const { user_id, user_points, user_exp } of before) {
      const now = await db.from('pay_user_resource').where({ user_id }).first()
      expect(Number(now.user_points), `points of ${user_id}`).to.equal(Number(user_points) + 10)
      expect(now.user_exp, `experience of ${user_id}`).to.equal(user_exp + 50)
    }
    const rewarded = await db.from('pay_user_exp_history').select('exp_log_id')
    expect(rewarded.length - growth.length).to.equal(members.length)
  })
})
