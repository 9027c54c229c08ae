import { hash } from 'node:crypto'
import { expect } from 'chai'
import { connect } from '../../../db/connect.js'
import { type CompiledMethod, compileTable } from '../../../gateway/contract/compile-table.js'
import { methodTable } from '../../../methods/table.js'
import type { HttpAnswer } from '../../fetch-answer.js'
import { startGateway, type TestGateway } from '../../harness.js'
import { onEmptyMariadb } from '../../servers/databases.js'
import { makeOldShop } from '../../servers/old-shop/old-shop.js'
import { makeOldToken, vectorKey } from '../../servers/shop/tokens.js'
import { startWechat, type Wechat } from '../../servers/wechat/wechat.js'
import { prepareCall, type SessionCall } from './session-scenarios.js'

/** Every method of the account APIs that reads whose session a call is of. */
const methods = [...new Set(compileTable(methodTable).byPath.values())].filter(
  ({ auth }) => auth !== 'none' && auth !== 'app',
)
const salt = '0123456789abcdef0123456789abcdef'

onEmptyMariadb('a token that the shop issued, on its adopted database', function (database) {
  this.timeout(60_000)
  const cutOver = Math.floor(Date.now() / 1000)
  let gateway: TestGateway
  let wechat: Wechat
  before(async () => {
    const db = connect({ kind: 'mysql', url: database.url })
    await makeOldShop(db, [])
    await db.destroy()
    wechat = await startWechat()
    gateway = await startGateway(database, {
      ...wechat.settings(),
      UPLOADS: 'on',
      SHOP_TOKEN_KEY: vectorKey,
      SHOP_CUT_OVER: new Date(cutOver * 1000).toISOString(),
    })
  })
  after(async () => {
    await gateway?.close()
    await wechat?.stop()
  })

  /** The same gateway, but whose users have the hashes and the tokens that the shop gave them. */
  const beforeTheMove = (): TestGateway => ({
    ...gateway,
    async addUser(user) {
      const added = await gateway.addUser(user)
      const old = { user_password: hash('md5', added.password + salt), user_salt: salt }
      await gateway.services.db('account_user_base').where({ user_id: added.uid }).update(old)
      const claims = { userId: added.uid, userSalt: salt, iat: cutOver - 60 }
      return { ...added, startSession: async () => makeOldToken(vectorKey, claims) }
    },
  })

  for (const method of methods)
    it(`is answered by ${method.name} as one of ours is`, async () => {
      const ours = await prepareCall(method.name, { gateway, others: gateway, wechat })
      const theirs = await prepareCall(method.name, { gateway: beforeTheMove(), others: gateway, wechat })
      const expected = outcomeOf(await send(method, ours))
      expect(expected, 'session-scenarios.ts calls it without success').to.include({ isSuccess: true })
      expect(outcomeOf(await send(method, theirs))).to.deep.equal(expected)
    })

  it('is looked at by a good many of methods', () => {
    expect(methods).to.have.length.above(80)
  })

  async function send(method: CompiledMethod, { values, token, file }: SessionCall): Promise<HttpAnswer> {
    const path = `/${method.name.replaceAll('.', '/')}`
    const headers = { Authorization: `Bearer ${token}` }
    if (!method.verbs.includes('POST'))
      return gateway.request(`${path}?${new URLSearchParams(values).toString()}`, { headers })
    const form = new FormData()
    if (file) form.set('upfile', file, 'picture.gif')
    const body = file ? form : new URLSearchParams(values)
    return gateway.request(path, { method: 'POST', headers, body })
  }
})

/** What kind of answer it is: not whose data is in it. */
function outcomeOf({ status, json, headers }: HttpAnswer) {
  const { status: told, code, msg, error } = json ?? {}
  const isSuccess = json === undefined ? status < 400 : told === 200 && code === 0
  return { isSuccess, status, told, code, msg, error, type: headers.get('content-type') }
}
