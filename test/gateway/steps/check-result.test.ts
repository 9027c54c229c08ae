import { expect } from 'chai'
import { startGateway } from '../../harness.js'
import { onEachDatabase } from '../../servers/databases.js'

const name = 'front.account.login.protocol'
const restPath = '/front/account/login/protocol?document_type=a'
const declared = { document: '你好', state: 1 }
const problem = 'data must NOT have additional properties: nickname'

onEachDatabase('a result that its contract does not declare', (database) => {
  /** What both endpoints answer when the method's handler returns `result`, and what is logged of it. */
  async function answersTo(result: unknown, env: string) {
    const gateway = await startGateway(database, { NODE_ENV: env })
    try {
      const method = gateway.gateway.table.byName.get(name) ?? expect.fail()
      Object.assign(method, { handle: () => result })
      const answers = [await gateway.call(name, { document_type: 'a' }), await gateway.request(restPath)]
      return {
        answers: answers.map(({ status, headers, json }) => ({
          status,
          data: json?.data,
          detail: headers.get('x-error-detail'),
        })),
        logged: gateway.logLines.filter((line) => line.includes(problem)),
      }
    } finally {
      await gateway.close()
    }
  }

  it('is written without what is undeclared, and told to developers by header and log', async () => {
    const { answers, logged } = await answersTo({ ...declared, nickname: '张' }, 'development')
    const answer = { status: 200, data: declared, detail: problem }
    expect(answers).to.deep.equal([answer, answer])
    expect(logged).to.have.length(2)
    for (const line of logged)
      expect(JSON.parse(line)).to.include({ level: 40, method: name, reason: problem })
  })

  it('is a crash in tests', async () => {
    const { answers } = await answersTo({ ...declared, nickname: '张' }, 'test')
    expect(answers.map(({ status, detail }) => [status, detail])).to.deep.equal([
      [500, null],
      [500, null],
    ])
  })

  it('goes without a word where it is as declared', async () => {
    for (const env of ['development', 'test']) {
      const { answers, logged } = await answersTo(declared, env)
      const answer = { status: 200, data: declared, detail: null }
      expect(answers).to.deep.equal([answer, answer])
      expect(logged).to.deep.equal([])
    }
  })
})
