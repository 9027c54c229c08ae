import { expect } from 'chai'
import { createUserOrder } from '../../../../gateway/move/shadow/user-order.js'

/** Work that ends when it is told to. */
function held(log: string[], name: string, isMissed = false) {
  let end = () => {}
  const ended = new Promise<void>((resolve) => (end = resolve))
  const work = async (isBehind: boolean) => {
    log.push(isBehind ? `${name} behind` : name)
    await ended
    return isMissed
  }
  return { work, end: () => end() }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('The order of users', () => {
  it('keeps the calls of one user in their order, by whichever name they come', async () => {
    const order = createUserOrder(8)
    const log: string[] = []
    const [first, second, third] = ['first', 'second', 'third'].map((name) => held(log, name))
    order.add(['number', 'token'], first?.work ?? fail)
    order.add(['token'], second?.work ?? fail)
    order.add(['number'], third?.work ?? fail)
    await turn()
    expect(log).to.deep.equal(['first'])
    first?.end()
    second?.end()
    await turn()
    expect(log).to.deep.equal(['first', 'second', 'third'])
    third?.end()
    await order.settled()
    expect(order.waiting).to.equal(0)
  })

  it('waits for both of two who turn out to be one', async () => {
    const order = createUserOrder(8)
    const log: string[] = []
    const [one, other, both] = ['one', 'other', 'both'].map((name) => held(log, name))
    order.add(['number'], one?.work ?? fail)
    order.add(['token'], other?.work ?? fail)
    order.add(['number', 'token'], both?.work ?? fail)
    await turn()
    other?.end()
    await turn()
    expect(log).to.deep.equal(['one', 'other'])
    one?.end()
    both?.end()
    await order.settled()
    expect(log).to.deep.equal(['one', 'other', 'both'])
  })

  it('lets so many run at once, and others go on beside a user who waits', async () => {
    const order = createUserOrder(2)
    const log: string[] = []
    const works = ['a', 'b', 'c'].map((name) => ({ name, ...held(log, name) }))
    for (const { name, work } of works) order.add([name], work)
    await turn()
    expect(log).to.deep.equal(['a', 'b'])
    works[1]?.end()
    await turn()
    expect(log).to.deep.equal(['a', 'b', 'c'])
    for (const { end } of works) end()
    await order.settled()
  })

  it('knows who has missed a write, and whoever turns out to be the same', async () => {
    const order = createUserOrder(8)
    const log: string[] = []
    const run = async (names: string[], isMissed = false) => {
      const { work, end } = held(log, names.join(), isMissed)
      order.add(names, work)
      end()
      await order.settled()
    }
    await run(['number'], true)
    await run(['number'])
    await run(['token'])
    await run(['token', 'number'])
    await run(['token'])
    await run(['stranger'])
    order.miss(['stranger'])
    await run(['stranger'])
    expect(log).to.deep.equal([
      'number',
      'number behind',
      'token',
      'token,number behind',
      'token behind',
      'stranger',
      'stranger behind',
    ])
  })
})

function fail(): Promise<boolean> {
  throw new Error('no work')
}
