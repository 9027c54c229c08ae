import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { methodTable } from '../../methods/table.js'
import { listContractNames } from '../../schemas/contract-document.js'
import { generate } from '../../schemas/generate.js'
import { projectRoot } from '../whole/architecture/source-tree.js'

describe('the generated sources', function () {
  this.timeout(60_000)

  it('are what the contracts and handlers say now', async () => {
    const generated = await generate(projectRoot())
    expect([...generated.keys()]).to.deep.equal(['methods/table.ts', 'schemas/contracts.ts'])
    for (const [path, content] of generated) {
      const committed = readFileSync(join(projectRoot(), path), 'utf8')
      expect(committed === content, `${path} is old: run "npm run generate"`).to.equal(true)
    }
  })

  it('have a line for every method, which has a contract and a handler of its own name', () => {
    const names = listContractNames(join(projectRoot(), 'schemas'))
    expect(Object.keys(methodTable).sort()).to.deep.equal(names)
    for (const [name, method] of Object.entries(methodTable)) expect(method.name).to.equal(name)
  })
})
