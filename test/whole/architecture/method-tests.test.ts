import { expect } from 'chai'
import { readSources } from './source-tree.js'

describe('the tests of methods', () => {
  const paths = readSources(['methods', 'test/methods']).map(({ path }) => path)
  const methods = paths.filter((path) => /^methods\/(?!rules\/|table\.ts$)/.test(path))

  it('have a file each, named as the method is', () => {
    expect(methods).to.have.length.above(100)
    const tests = new Set(paths.filter((path) => path.startsWith('test/')))
    const untested = methods.filter((path) => !tests.has(`test/${path.replace(/\.ts$/, '.test.ts')}`))
    expect(untested).to.deep.equal([])
  })
})
