import { expect } from 'chai'
import { createMetrics } from '../../../../gateway/services/telemetry/metrics.js'

describe('the metrics', () => {
  it('count calls by method and code, and sort their durations into buckets', async () => {
    const metrics = createMetrics()
    metrics.countCall('web.passport.sendcode', 200, 0.004)
    metrics.countCall('web.passport.sendcode', 200, 0.3)
    metrics.countCall('unknown', 1000, 0.0005)
    const lines = (await metrics.registry.metrics()).split('\n')
    expect(lines).to.include.members([
      'gateway_calls_total{method="web.passport.sendcode",code="200"} 2',
      'gateway_calls_total{method="unknown",code="1000"} 1',
      'gateway_call_seconds_bucket{le="0.001",method="web.passport.sendcode"} 0',
      'gateway_call_seconds_bucket{le="0.005",method="web.passport.sendcode"} 1',
      'gateway_call_seconds_bucket{le="1",method="web.passport.sendcode"} 2',
      'gateway_call_seconds_sum{method="web.passport.sendcode"} 0.304',
      'gateway_call_seconds_bucket{le="0.001",method="unknown"} 1',
    ])
  })

  it('count errors by method, key and HTTP status, and faults of the server from the start', async () => {
    const metrics = createMetrics()
    const lines = async () => (await metrics.registry.metrics()).split('\n')
    expect(await lines()).to.include('gateway_faults_total{error="UNAVAILABLE"} 0')
    metrics.countError('web.passport.sendcode', 'UNAVAILABLE', 503)
    metrics.countError('front.account.user.info', 'UNAVAILABLE', 503)
    metrics.countError('front.account.user.info', 'LOGIN_REQUIRED', 200)
    expect(await lines()).to.include.members([
      'gateway_errors_total{method="web.passport.sendcode",error="UNAVAILABLE",status="503"} 1',
      'gateway_errors_total{method="front.account.user.info",error="LOGIN_REQUIRED",status="200"} 1',
      'gateway_faults_total{error="UNAVAILABLE"} 2',
      'gateway_faults_total{error="CRASH"} 0',
    ])
    expect((await lines()).join('')).to.not.include('gateway_faults_total{error="LOGIN')
  })

  it('show what a vendor sends from the start', async () => {
    const metrics = createMetrics()
    metrics.expectSends('sms', 'webhook')
    metrics.countSend('sms', 'webhook', 'failed')
    expect((await metrics.registry.metrics()).split('\n')).to.include.members([
      'gateway_sends_total{channel="sms",provider="webhook",outcome="sent"} 0',
      'gateway_sends_total{channel="sms",provider="webhook",outcome="failed"} 1',
    ])
  })

  it('count what was sent by channel, vendor and outcome', async () => {
    const metrics = createMetrics()
    metrics.countSend('sms', 'webhook', 'sent')
    metrics.countSend('sms', 'webhook', 'failed')
    metrics.countSend('mail', 'smtp', 'sent')
    metrics.countSend('mail', 'smtp', 'sent')
    expect((await metrics.registry.metrics()).split('\n')).to.include.members([
      'gateway_sends_total{channel="sms",provider="webhook",outcome="sent"} 1',
      'gateway_sends_total{channel="sms",provider="webhook",outcome="failed"} 1',
      'gateway_sends_total{channel="mail",provider="smtp",outcome="sent"} 2',
    ])
  })

  it('show a watched value as it is when they are asked for', async () => {
    const metrics = createMetrics()
    let value = 1
    metrics.watch('gateway_test_value', 'A value', () => value)
    const shown = async () => /^gateway_test_value (\S+)$/m.exec(await metrics.registry.metrics())?.[1]
    expect(await shown()).to.equal('1')
    value = 42
    expect(await shown()).to.equal('42')
  })

  it('belong to one gateway: another one counts by itself', async () => {
    const [first, second] = [createMetrics(), createMetrics()]
    first.countCall('unknown', 1000, 0)
    expect(await first.registry.metrics()).to.include('code="1000"')
    expect(await second.registry.metrics()).not.to.include('code="1000"')
  })

  it('show those of the process too', async () => {
    const text = await createMetrics().registry.metrics()
    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_seconds',
    ])
      expect(text).to.include(name)
  })
})
