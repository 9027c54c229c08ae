import { expect } from 'chai'
import { compileTable } from '../../gateway/contract/compile-table.js'
import { methodTable } from '../../methods/table.js'
import { startGateway, type TestGateway } from '../harness.js'
import { onEachDatabase } from '../servers/databases.js'
import { startWechat, type Wechat } from '../servers/wechat/wechat.js'
import { findDifference, readAccountDocument, sendingsOf, toCamel, toSnake } from './account-document.js'
import { requestOf } from './account-requests.js'
import { scenarios } from './account-scenarios.js'
import { messageExamples } from './message-scenarios.js'
import { wechatExamples } from './wechat-scenarios.js'

const operations = readAccountDocument()
const examples: Readonly<Record<string, unknown>> = { ...messageExamples, ...wechatExamples }

/** The types a contract may give a documented parameter: texts may mean more than text. */
const contractTypes: Readonly<Record<string, readonly string[]>> = {
  string: ['string', 'boolean', 'integer'],
  // `recently_flag` is sent as 1 or true.
  integer: ['integer', 'boolean'],
  number: ['number', 'integer'],
  boolean: ['boolean'],
}

/** What every list reads, without declaring it (account.md §3). */
const ofEveryList = /^(like|order)\[\d\]\.\w+$/

describe("the account document's operations", () => {
  const table = compileTable(methodTable)

  it('are 56', () => {
    expect(operations).to.have.length(56)
    expect(operations.filter(({ path }) => !scenarios[path])).to.deep.equal([])
  })

  for (const { verb, path, params } of operations) {
    it(`${verb} ${path} has a contract with every documented parameter`, () => {
      const method = table.byPath.get(path) ?? expect.fail(`no method answers ${path}`)
      expect(method.verbs).to.include(verb)
      const { properties } = method.contract.document
      for (const { name, type } of params) {
        if (method.contract.document['x-list'] && ofEveryList.test(name)) continue
        const declared = properties[name] ?? properties[toCamel(name)] ?? properties[toSnake(name)]
        expect(declared, name).to.not.equal(undefined)
        // What means nothing to the method may hold anything.
        const isIgnored = declared?.description?.startsWith('ignored') ?? false
        expect(isIgnored ? ['string'] : contractTypes[type], name).to.include(declared?.type)
      }
    })
  }
})

onEachDatabase("the account document's requests", (database) => {
  let gateway: TestGateway
  let wechat: Wechat
  before(async () => {
    wechat = await startWechat()
    gateway = await startGateway(database, wechat.settings())
  })
  after(async () => {
    await gateway?.close()
    await wechat?.stop()
  })

  for (const operation of operations) {
    const { verb, path, example } = operation
    for (const sending of sendingsOf(operation)) {
      const way = `${sending.spelling} in the ${sending.place}`
      it(`${verb} ${path}, ${way}, is answered as documented`, async () => {
        const prepare = scenarios[path] ?? expect.fail(`no scenario for ${path}`)
        const scenario = await prepare(gateway, wechat)
        const documented = operation.params.map(({ name }) => name)
        expect(Object.keys(scenario.values).filter((name) => !documented.includes(name))).to.deep.equal([])
        const answer = await gateway.request(...requestOf(operation, scenario, sending))
        if (scenario.check) {
          await scenario.check(answer)
          return
        }
        const { status, json, text } = answer
        expect(status, text).to.equal(200)
        expect(Object.keys(json ?? {})).to.deep.equal(['status', 'code', 'msg', 'data', 'error'])
        expect(json, text).to.include({ status: 200, code: 0, msg: '操作成功', error: null })
        expect(findDifference(json?.data, examples[path] ?? example.data), text).to.equal(undefined)
      })
    }
  }
})
