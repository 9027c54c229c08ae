import { expect } from 'chai'
import { type Breaker, createBreaker } from '../../../gateway/services/breaker.js'
import { createMovableClock, type MovableClock } from '../../harness.js'

const restMilliseconds = 30_000

describe('a breaker', () => {
  let clock: MovableClock
  let rests: number[]
  let breaker: Breaker
  beforeEach(() => {
    clock = createMovableClock()
    clock.freeze(Date.UTC(2026, 0, 5))
    rests = []
    breaker = createBreaker(clock, (failures) => rests.push(failures))
  })

  function fail(times = 1): void {
    for (let n = 0; n < times; n++) breaker.begin().fail()
  }

  it('rests for 30 s after three failures in a row, and says so once', () => {
    fail(2)
    breaker.begin().succeed()
    fail(2)
    expect([breaker.isResting(), breaker.restsUntil]).to.deep.equal([false, 0])
    fail()
    expect(breaker.isResting()).to.equal(true)
    clock.advance(restMilliseconds - 1)
    expect(breaker.isResting()).to.equal(true)
    clock.advance(1)
    expect(breaker.isResting()).to.equal(false)
    fail()
    expect(breaker.isResting()).to.equal(true)
    expect(rests).to.deep.equal([3])
  })

  it('lets one try show whether it works again, while all others keep away', () => {
    fail(3)
    clock.advance(restMilliseconds)
    const attempt = breaker.begin()
    expect(breaker.isResting()).to.equal(true)
    attempt.succeed()
    expect(breaker.isResting()).to.equal(false)
    fail(2)
    expect(breaker.isResting()).to.equal(false)
  })

  it('lets the next one try when the first has shown nothing', () => {
    fail(3)
    clock.advance(restMilliseconds)
    breaker.begin().learnNothing()
    expect(breaker.isResting()).to.equal(false)
  })

  it('is not woken by a try from before the rest that has shown nothing', () => {
    const early = breaker.begin()
    fail(3)
    early.learnNothing()
    expect(breaker.isResting()).to.equal(true)
  })
})
