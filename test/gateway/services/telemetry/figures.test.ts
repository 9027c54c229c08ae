import { expect } from 'chai'
import {
  differenceOf,
  noFigures,
  quantileOf,
  readFigures,
  sumOf,
  totalOf,
} from '../../../../gateway/services/telemetry/figures.js'
import { createMetrics } from '../../../../gateway/services/telemetry/metrics.js'

describe('the figures of a node', () => {
  it('are those of /metrics, by method, error, outcome and country', async () => {
    const metrics = createMetrics()
    metrics.countCall('web.passport.sendcode', 200, 0.004)
    metrics.countCall('web.passport.sendcode', 402, 0.3)
    metrics.countError('web.passport.sendcode', 'MOBILE_FORM', 200)
    metrics.countCall('unknown', 1000, 0.0005)
    metrics.countError('unknown', 'METHOD_NOT_FOUND', 404)
    // Not counted: looking is no news.
    metrics.countCall('manage.console.dashboard.show', 0, 0.001)
    metrics.countError('manage.console.watch.stop', 'PARAM_ERROR', 200)
    metrics.countSignIn('good')
    metrics.countSignIn('refused')
    metrics.countSignIn('refused')
    metrics.countCodeOfCountry('CN', 'sent')
    metrics.countCodeOfCountry('CN', 'used')
    metrics.countCodeOfCountry('DE', 'sent')
    const figures = await readFigures(metrics.registry)
    expect(figures.calls).to.deep.equal({ 'web.passport.sendcode': 2, unknown: 1 })
    expect(figures.errors).to.deep.equal({ MOBILE_FORM: 1, METHOD_NOT_FOUND: 1 })
    expect(figures.signIns).to.deep.equal({ good: 1, refused: 2 })
    expect(figures.codesSent).to.deep.equal({ CN: 1, DE: 1 })
    expect(figures.codesUsed).to.deep.equal({ CN: 1 })
    expect(figures.durations).to.include({ '0.001': 1, '0.005': 2, '0.25': 2, '1': 3, '+Inf': 3 })
  })

  it('differ by what was counted in between, and are summed by name', async () => {
    const metrics = createMetrics()
    metrics.countCall('unknown', 1000, 0.0005)
    const earlier = await readFigures(metrics.registry)
    metrics.countCall('open.passport.get', 200, 0.0005)
    const difference = differenceOf(await readFigures(metrics.registry), earlier)
    expect(difference.calls).to.deep.equal({ 'open.passport.get': 1 })
    const sum = sumOf([earlier, difference, noFigures])
    expect(sum.calls).to.deep.equal({ unknown: 1, 'open.passport.get': 1 })
    expect(totalOf(sum.calls)).to.equal(2)
    expect(sum.durations['+Inf']).to.equal(2)
  })

  it('tell within which time a share of the calls was answered', () => {
    const durations = { '0.001': 50, '0.005': 90, '0.02': 100, '+Inf': 100 }
    expect(quantileOf(durations, 0.5)).to.be.closeTo(1, 0.001)
    expect(quantileOf(durations, 0.7)).to.be.closeTo(3, 0.001)
    expect(quantileOf(durations, 0.99)).to.be.closeTo(18.5, 0.001)
    expect(quantileOf({ '5': 0, '+Inf': 3 }, 0.5)).to.equal(5000)
    expect(quantileOf({}, 0.5)).to.equal(undefined)
    expect(quantileOf({ '0.001': 0, '+Inf': 0 }, 0.5)).to.equal(undefined)
  })
})
