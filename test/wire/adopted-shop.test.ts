import { expect } from 'chai'
import { connect } from '../../db/connect.js'
import { startGateway, type TestGateway } from '../harness.js'
import { onEmptyMariadb } from '../servers/databases.js'
import { makeOldShop } from '../servers/old-shop/old-shop.js'
import { otherForms, variants } from '../servers/old-shop/tables.js'
import { startWechat, type Wechat } from '../servers/wechat/wechat.js'
import { findDifference, readAccountDocument } from './account-document.js'
import { requestOf } from './account-requests.js'
import { scenarios } from './account-scenarios.js'
import { messageExamples } from './message-scenarios.js'
import { wechatExamples } from './wechat-scenarios.js'

const operations = readAccountDocument()
const examples: Readonly<Record<string, unknown>> = { ...messageExamples, ...wechatExamples }

const { 'with a column of an unknown type': _, ...adoptable } = variants

for (const [name, variant] of Object.entries({ ...adoptable, 'in other forms': otherForms }))
  onEmptyMariadb(`the account document on an adopted shop ${name}`, function (database) {
    this.timeout(60_000)
    let gateway: TestGateway
    let wechat: Wechat
    before(async () => {
                  const db = connect({ kind: 'mysql', url: database.url })
      await makeOldShop(db, [{ user_id: 10002, user_account: 'first', password: 'abc123' }], variant)
      await db.destroy()
      wechat = await startWechat()
      gateway = await startGateway(database, wechat.settings())
    })
    after(async () => {
      await gateway?.close()
      await wechat?.stop()
    })

    for (const operation of operations) {
      const { verb, path, example } = operation
      it(`${verb} ${path} is answered as documented`, async () => {
        const prepare = scenarios[path] ?? expect.fail(`no scenario for ${path}`)
        const scenario = await prepare(gateway, wechat)
        const sending = { place: verb === 'GET' ? 'query' : 'form', spelling: 'snake_case' } as const
        const answer = await gateway.request(...requestOf(operation, scenario, sending))
        if (scenario.check) {
          await scenario.check(answer)
          return
        }
        const { status, json, text } = answer
        expect(status, text).to.equal(200)
        expect(json, text).to.include({ status: 200, code: 0, msg: '操作成功', error: null })
        expect(findDifference(json?.data, examples[path] ?? example.data), text).to.equal(undefined)
      })
    }

    it('logs no error meanwhile', () => {
      const errors = gateway.logLines.filter((line) => /"level":[56]0/.test(line))
      expect(errors).to.deep.equal([])
    })
  })
