import { expect } from 'chai'
import type { History, Step, Wish } from './history.js'
import { shorten } from './shorten.js'

const pass = (seconds: number): Step => ({ kind: 'pass', seconds })
const wish = (node: number): Wish => ({
  kind: 'look',
  node,
  address: 0,
  code: 'newest',
  person: 0,
  session: 0,
  password: 0,
  old: 0,
  isDefault: false,
})

describe('a history that fails', () => {
  it('is left with the steps that its failure needs, wherever they stand', async () => {
    const history = Array.from({ length: 40 }, (_, at) => pass(at))
    const needed = [3, 17, 18, 39]
    const fails = async (shorter: History) =>
      needed.every((at) => shorter.some((step) => step.kind === 'pass' && step.seconds === at))
    expect(await shorten(history, fails)).to.deep.equal(needed.map(pass))
  })

  it('is left with the calls of a step that its failure needs, without twins and kills', async () => {
    const calls: Step = { kind: 'calls', wishes: [0, 1, 2].map(wish), areTwins: true, killAfter: 5 }
    const fails = async (shorter: History) =>
      shorter.some((step) => step.kind === 'calls' && step.wishes.some(({ node }) => node === 1))
    expect(await shorten([pass(61), calls], fails)).to.deep.equal([
      { kind: 'calls', wishes: [wish(1)], areTwins: false, killAfter: -1 },
    ])
  })
})
