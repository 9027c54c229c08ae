import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { requireProgram } from '../servers/available.js'
import { duringGateway } from '../harness.js'
import { findProgram, runToEnd } from '../servers/processes/process.js'
import { type Fault, faults, healthy } from './alarm-faults.js'
import { hourSamples, ordinaryHour } from './ordinary-hour.js'
import { prepared, useFolder } from '../suite.js'

/** The package's root, seen from the sources and from dist alike. */
const here = import.meta.filename
const root = here.slice(0, here.lastIndexOf(here.includes('/dist/test/') ? '/dist/test/' : '/test/'))
const documentOf = (name: string) => readFileSync(`${root}/docs/${name}`, 'utf8')
const rules = documentOf('deploy/alerts.yml')
const runbook = documentOf('operate.md')
const alarms = namesIn(rules, /^ +- alert: (\w+)$/gm)

function namesIn(text: string, form: RegExp): string[] {
  return [...text.matchAll(form)].map(([whole, name = whole]) => name)
}

describe('the alarms', () => {
  it('each have their place in the runbook, in the same order, and lead there', () => {
    const section = runbook.slice(runbook.indexOf('## Alarms'), runbook.indexOf('## Metrics'))
    expect(namesIn(section, /^### (\w+)$/gm)).to.deep.equal(alarms)
    expect(namesIn(rules, /runbook: docs\/operate\.md#(\w+)$/gm)).to.deep.equal(
      alarms.map((alarm) => alarm.toLowerCase()),
    )
    for (const part of section.split(/^### /m).slice(1))
      expect(part, part.slice(0, 30))
        .to.match(/\*(Look|Look, do|Do):\*/)
        .and.match(/\*Over:\*/)
  })

  it('fire within a minute of a fault, as they are scraped and evaluated', () => {
    const seconds = (text: string, name: string) =>
      namesIn(text, new RegExp(`^ +${name}: (\\d+)s$`, 'gm')).map(Number)
    const config = documentOf('deploy/prometheus.yml')
    const [scrape = 0, evaluation = 0] = [
      ...seconds(config, 'scrape_interval'),
      ...seconds(config, 'evaluation_interval'),
    ]
    expect(seconds(rules, 'for')).to.have.length.greaterThan(10)
    for (const wait of seconds(rules, 'for')) {
      // The fault is seen by the next scrape, judged by the next evaluation, and waits for a whole number of these.
      const most = scrape + evaluation + Math.ceil(wait / evaluation) * evaluation
      expect(most).to.be.at.most(60)
    }
  })
})

describe('the metrics that alarms, dashboard and runbook name', () => {
  const gateway = prepared(before, async () => {
    let text = ''
    const env = { REDIS_URL: '', SMS_PROVIDER: 'outbox' }
    await duringGateway({ url: 'sqlite::memory:' }, env, async (gateway) => {
      text = (await gateway.request('/metrics')).text
    })
    return { names: namesIn(text, /^# TYPE (\w+) /gm) }
  })
  /** Those that are shown only where what they tell of is configured. */
  const conditional = ['gateway_redis_up', 'gateway_sms_resting']
  const named = (text: string) => [
    ...new Set(namesIn(text, /\b(?:gateway|process|nodejs)_[a-z0-9_]+/g).map(withoutPart)),
  ]

  it('are shown by /metrics', () => {
    const shown = [...gateway.names, ...conditional]
    for (const text of [rules, documentOf('deploy/grafana-dashboard.json'), runbook]) {
      const wanted = named(text).filter((name) => !['process_', 'nodejs_'].includes(name))
      expect(wanted).to.have.length.greaterThan(10)
      expect(wanted.filter((name) => !shown.includes(name))).to.deep.equal([])
    }
  })

  it('are, in the runbook, all that are our own', () => {
    const own = gateway.names.filter((name) => name.startsWith('gateway_'))
    expect(named(runbook)).to.include.members([...own, ...conditional])
  })
})

/** The name of a histogram, whose parts have names of their own. */
function withoutPart(name: string): string {
  return name.replace(/_seconds_(bucket|sum|count)$/, '_seconds')
}

describe('promtool', () => {
  const folder = useFolder('promtool')
  before(function () {
    requireProgram(this, 'promtool')
  })
  const promtool = (...args: string[]) => runToEnd({ command: findProgram('promtool') ?? '', args })

  it('takes the rules, and the configuration that reads them', async () => {
    expect(await promtool('check', 'rules', `${root}/docs/deploy/alerts.yml`)).to.include(
      `SUCCESS: ${alarms.length} rules found`,
    )
    folder.write('alerts.yml', rules)
    const token = folder.write('token', 'a-token')
    const config = documentOf('deploy/prometheus.yml').replace(
      '/etc/prometheus/passport-metrics-token',
      token,
    )
    expect(await promtool('check', 'config', folder.write('prometheus.yml', config))).to.include('SUCCESS')
  })

  it('has each alarm fire within a minute of its fault, and none before', async () => {
    expect(Object.keys(faults)).to.have.members(alarms)
    folder.write('alerts.yml', rules)
    await testRules(Object.entries(faults).map(([alarm, fault]) => ruleTest(alarm, fault)))
  })

  it('has none fire in an ordinary hour, with a rotation of keys by a restart of one node after the other', async () => {
    folder.write('alerts.yml', rules)
    const expr = 'count(count_over_time(ALERTS{alertstate="firing"}[1h])) or vector(0)'
    const test = (name: string, input_series: readonly object[], value: number) => ({
      interval: '10s',
      name,
      input_series,
      promql_expr_test: [{ eval_time: '1h', expr, exp_samples: [{ labels: '{}', value }] }],
    })
    const hour = ordinaryHour(20_261)
    // Of the same hour with nothing but a node that is not there at its end, to see that alarms of it are noticed.
    const gone = hour.map(({ series, values }) => {
      const isUp = series.startsWith('up{') && series.includes('node-2')
      return { series, values: isUp ? values.replace(/( 1){6}$/, ' 0'.repeat(6)) : values }
    })
    expect(hour.every(({ values }) => values.split(' ').length === hourSamples)).to.equal(true)
    await testRules([test('ordinary', hour, 0), test('a node goes', gone, 1)])
  })

  async function testRules(tests: object[]): Promise<void> {
    const whole = { rule_files: ['alerts.yml'], evaluation_interval: '10s', tests }
    // JSON is YAML too.
    const file = folder.write('tests.yml', JSON.stringify(whole))
    expect(await promtool('test', 'rules', file)).to.include('SUCCESS')
  }
})

const firing = (alarm: string) => `count(ALERTS{alertname="${alarm}",alertstate="firing"}) or vector(0)`

/** Ten quiet minutes at a sample every ten seconds, then the fault for two. */
function ruleTest(alarm: string, fault: Fault): object {
  const quiet = 60
  const input_series = healthy.map(({ series, from, step = 0 }) => {
    const to = fault[series]
    const end = from + step * (quiet - 1)
    const before = `${from}+${step}x${quiet - 1}`
    const [first, next] = to === undefined ? [end + step, step] : [to.from ?? end, to.step ?? 0]
    const after = to?.isGone === true ? '_x12' : `${first}+${next}x12`
    return { series, values: `${before} ${after}` }
  })
  const expectation = (eval_time: string, expr: string, value: number) => ({
    eval_time,
    expr,
    exp_samples: [{ labels: '{}', value }],
  })
  return {
    interval: '10s',
    name: alarm,
    input_series,
    promql_expr_test: [
      expectation('9m50s', 'count(ALERTS) or vector(0)', 0),
      expectation('11m', firing(alarm), 1),
    ],
  }
}
