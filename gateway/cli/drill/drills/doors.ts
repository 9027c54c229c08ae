import { type Drill, judge } from '../finding.js'

/** As a proxy on the same machine passes a stranger's request on. */
const headers = { 'X-Forwarded-For': '203.0.113.7' }

/** What development and operators have open on their own machine, others must not find open. */
export const doors: Drill = {
  name: 'doors',
  description: 'a stranger behind a proxy asks for metrics, sent messages and unsigned calls',
  async attack(target) {
    const ask = (path: string, params: Record<string, string> = {}) =>
      target.send(params, { path, verb: 'GET', headers })
    const call = { method: 'open.passport.get', uid: target.victim }
    return [
      judge('metrics are not shown', (await ask('/metrics')).status !== 200),
      judge('sent messages are not shown', (await ask('/outbox')).status !== 200),
      judge('an unsigned call is refused', !(await ask('/gateway', call)).isAccepted),
      judge(
        'a call that names a way around its signature is refused',
        !(await ask('/gateway', { ...call, debug: 'XYZ', client_secret: 'x' })).isAccepted,
      ),
    ]
  },
}
