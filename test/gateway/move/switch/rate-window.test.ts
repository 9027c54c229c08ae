import { expect } from 'chai'
import { createRateWindow } from '../../../../gateway/move/switch/rate-window.js'

describe('How often something goes wrong', () => {
  it('is not said of fewer calls than are needed', () => {
    const window = createRateWindow(20)
    for (let count = 0; count < 19; count++) window.add(true, 1_000_000 + count)
    expect(window.rate(1_000_100)).to.equal(undefined)
    window.add(false, 1_000_100)
    expect(window.rate(1_000_100)).to.deep.equal({ calls: 20, bad: 19 })
  })

  it('is that of the last ten seconds', () => {
    const window = createRateWindow(5)
    for (let count = 0; count < 100; count++) window.add(true, 1_000_000 + count)
    for (let count = 0; count < 50; count++) window.add(false, 1_015_000 + count)
    expect(window.rate(1_015_100)).to.deep.equal({ calls: 50, bad: 0 })
  })

  it('is that of the last calls where there are few', () => {
    const window = createRateWindow(4)
    for (let count = 0; count < 8; count++) window.add(count >= 6, 1_000_000 + count * 20_000)
    expect(window.rate(1_141_000)).to.deep.equal({ calls: 4, bad: 2 })
    expect(window.rate(1_900_000)).to.equal(undefined)
  })
})
