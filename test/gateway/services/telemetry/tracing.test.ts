import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import { startGateway, type TestGateway } from '../../../harness.js'
import { type Collector, type CollectedSpan, startCollector } from '../../../servers/telemetry/collector.js'
import { onEachDatabase } from '../../../servers/databases.js'
import { startWebhook, type Webhook } from '../../../servers/sms/webhook.js'
import { withGateway } from '../../../suite.js'

const newTrace = () => {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')]
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-01` }
}

withGateway('a call that names its trace', (gateway) => {
  it('finds it in the answer and in the log, on either wire', async () => {
    for (const path of ['/gateway?method=open.passport.get&uid=1', '/front/account/user/info']) {
      const { traceId, traceparent } = newTrace()
      const { headers } = await gateway.request(path, { headers: { traceparent } })
      expect(headers.get('traceparent')).to.equal(traceparent)
      const lines = gateway.logLines.filter((line) => line.includes('"msg":"call"'))
      expect(JSON.parse(lines.at(-1) ?? '')).to.include({ traceId })
    }
  })

  it('is served like any other where what it names is none, which is told nobody', async () => {
    for (const traceparent of ['', 'x', '00-1-2-3']) {
      const { headers, status } = await gateway.request('/gateway', { headers: { traceparent } })
      expect([status, headers.get('traceparent')]).to.deep.equal([404, null])
      expect(gateway.logLines.at(-1)).to.not.include('traceId')
    }
  })
})

onEachDatabase('a gateway with a collector of OpenTelemetry', (database) => {
  let collector: Collector
  let sms: Webhook
  let gateway: TestGateway
  before(async () => {
    ;[collector, sms] = [await startCollector(), await startWebhook()]
    gateway = await startGateway(database, {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20of-the-test, x-tenant=shop',
      SMS_PROVIDER: 'webhook',
      SMS_WEBHOOK_URL: sms.url,
    })
  })
  after(async () => {
    await Promise.all([sms?.stop(), collector?.stop()])
  })

  it('tells it of a call, its transaction and its message, as parts of the trace of the caller', async () => {
    const { traceId, spanId, traceparent } = newTrace()
    const sent = { area: '86', mobile: '13912345678' }
    const answer = await gateway.call('web.passport.sendcode', sent, { headers: { traceparent } })
    const { headers, json } = answer
    expect(json?.code).to.equal(200)
    const own = headers.get('traceparent') ?? ''
    expect(own).to.match(new RegExp(`^00-${traceId}-(?!${spanId})[0-9a-f]{16}-01$`))

    const failed = await gateway.request('/gateway?method=unknown')
    expect(failed.headers.get('traceparent')).to.match(/^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-01$/)
    // What is kept is sent at the end.
    await gateway.close()

    const spans = collector.spans.filter((span) => span.traceId === traceId)
    const call = spans.find(({ name }) => name === 'web.passport.sendcode')
    expect(call?.spanId).to.equal(own.slice(36, 52))
    expect(call?.parentSpanId).to.equal(spanId)
    expect(attributesOf(call)).to.include({
      'rpc.method': 'web.passport.sendcode',
      'http.response.status_code': 200,
      'passport.app': 'web',
      'passport.request_id': headers.get('x-request-id'),
    })
    const parts = spans.filter(({ parentSpanId }) => parentSpanId === call?.spanId)
    expect(parts.map(({ name }) => name)).to.include.members(['transaction', 'send sms'])

    const unknown = collector.spans.find(({ name }) => name === 'unknown')
    expect(unknown?.status).to.deep.equal({ code: 2 })
    expect(attributesOf(unknown)).to.include({ 'error.type': 'METHOD_NOT_FOUND' })
  })

  it('shows the headers it was given, and nothing that a caller sent', () => {
    expect(collector.headers[0]).to.include({ authorization: 'Bearer of-the-test', 'x-tenant': 'shop' })
    expect(collector.bodies.join(''))
      .to.include('passport-gateway')
      .and.not.match(/13912345678|client_secret/)
  })
})

function attributesOf(span: CollectedSpan | undefined): Record<string, unknown> {
  const pairs = (span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]])
  return Object.fromEntries(pairs) as Record<string, unknown>
}

onEachDatabase('a gateway whose collector is away', (database) => {
  it('serves, and ends in time', async () => {
    const gateway = await startGateway(database, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })
    expect((await gateway.request('/gateway?method=unknown')).status).to.equal(404)
    const begun = Date.now()
    await gateway.close()
    expect(Date.now() - begun).to.be.lessThan(8000)
  })

  it('traces the share of calls that it is told, and all whose caller does', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_TRACES_SAMPLER_ARG: '0' }
    const gateway = await startGateway(database, env)
    const flagsFor = async (headers: Record<string, string>) =>
      (await gateway.request('/gateway', { headers })).headers.get('traceparent')?.slice(-2)
    expect(await flagsFor({})).to.equal('00')
    expect(await flagsFor({ traceparent: newTrace().traceparent })).to.equal('01')
    await gateway.close()
  })
})
