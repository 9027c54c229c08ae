import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { createTurns } from '../../../../gateway/services/limits/turns.js'

describe('turns', () => {
  it('lets work of one key run one after the other, and of other keys beside it', async () => {
    const turns = createTurns(10)
    const running = new Map<string, number>()
    let most = 0
    const work = (key: string) => () => {
      running.set(key, (running.get(key) ?? 0) + 1)
      expect(running.get(key)).to.equal(1)
      most = Math.max(
        most,
        [...running.values()].reduce((sum, count) => sum + count, 0),
      )
      return sleep(5).then(() => running.set(key, 0))
    }
    await Promise.all(['a', 'a', 'b', 'a', 'b'].map((key) => turns.take(key, work(key))))
    expect(most).to.equal(2)
  })

  it('goes on after work that failed, and tells only its own caller', async () => {
    const turns = createTurns(10)
    const failing = turns.take('a', () => Promise.reject(new Error('broken')))
    const next = turns.take('a', () => Promise.resolve('done'))
    expect(await failing.catch((error: Error) => error.message)).to.equal('broken')
    expect(await next).to.equal('done')
  })

  it('refuses with CONTENTION when too much waits for one key', async () => {
    const turns = createTurns(1)
    const first = turns.take('a', () => sleep(5))
    const second = turns.take('a', () => sleep(5))
    const third = turns.take('a', () => sleep(5)).catch((error: { key?: string }) => error.key)
    expect(await third).to.equal('CONTENTION')
    await Promise.all([first, second])
  })

  it('is not waited for by who has waited for two seconds behind what came to no answer', async () => {
    const turns = createTurns(10)
    const keyOf = (running: Promise<unknown>) =>
      running.then(
        () => undefined,
        (error: { key?: string; message?: string }) => error.key ?? error.message,
      )
    const standing = keyOf(
      turns.take('a', () => sleep(2100).then(() => Promise.reject(new Error('no answer')))),
    )
    let begun = 0
    const wait = () => keyOf(turns.take('a', async () => begun++))
    const patient = [wait(), wait()]
    await sleep(1500)
    const newcomer = wait()
    expect(await standing).to.equal('no answer')
    expect(await Promise.all(patient)).to.deep.equal(['UNAVAILABLE', 'UNAVAILABLE'])
    expect(await newcomer).to.equal(undefined)
    expect(begun).to.equal(1)
  })

  it('is waited for as long as it takes behind what is answered', async () => {
    const turns = createTurns(10)
    const slow = turns.take('a', () => sleep(2100))
    const waiting = turns.take('a', () => Promise.resolve('done'))
    await slow
    expect(await waiting).to.equal('done')
  })
})
