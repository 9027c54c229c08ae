import { expect } from 'chai'
import { describeGateway } from '../../../gateway/openapi/document.js'
import type { OpenApiDocument } from '../../../gateway/openapi/objects.js'
import { type DemoServer, startDemoServer } from './demo-server.js'
import { callExample, type Example, listExamples } from './example-calls.js'
import { createAnswerCheck } from './example-answers.js'

const isOnGateway = ({ path }: Example) => path.startsWith('/gateway/')
const ways = {
  'on /gateway/NAME by GET': (example: Example) => isOnGateway(example) && example.verb === 'get',
  'on /gateway/NAME by POST': (example: Example) => isOnGateway(example) && example.verb === 'post',
  'on REST paths': (example: Example) => !isOnGateway(example),
}

describe('the examples of the description', function () {
  this.timeout(60_000)
  let server: DemoServer
  let description: OpenApiDocument
  // Each way has its own: what an example has removed is gone.
  beforeEach(async () => {
    server = await startDemoServer()
    const { gateway } = server
    description = describeGateway(gateway.gateway.table, gateway.url)
  })
  afterEach(() => server.close())

  for (const [title, belongs] of Object.entries(ways))
    it(`are answered ${title} as it says`, async () => {
      const check = createAnswerCheck(description)
      const examples = listExamples(description).filter(belongs)
      expect(examples).to.have.length.above(100)
      const problems: string[] = []
      for (const example of examples) {
        const problem = check(example, await callExample(example, server))
        if (problem !== undefined) problems.push(`${example.operation.operationId}: ${problem}`)
      }
      expect(problems.join('\n')).to.equal('')
    })

  it('succeed but where the outside world has to act before', () => {
    const refused = listExamples(description).flatMap(({ path, operation }) =>
      operation['x-example-answer'] === 'success' || !path.startsWith('/gateway/')
        ? []
        : [operation['x-example-answer']],
    )
    expect([...new Set(refused)].sort()).to.deep.equal([
      'CODE_IS_INVALID',
      'NOT_CHECK_MOBILE',
      'OPERATION_FAILED',
      'UPLOAD_FAILED',
      'VALID_ERROR',
      'WECHAT_OFF',
    ])
  })
})
