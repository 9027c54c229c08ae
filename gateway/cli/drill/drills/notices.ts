import { setTimeout as sleep } from 'node:timers/promises'
import { type Drill, judge, skip } from '../finding.js'
import type { Target } from '../target.js'

const changes = 20
/** Notices go out after the change, by a queue (ms). */
const patience = 15_000
const pause = 250
/** Nothing more is expected after so long without another one (ms). */
const silence = 2000

/** Whoever changes a password again and again would have its owner texted as often, at the operator's cost. */
export const notices: Drill = {
  name: 'notices',
  description: 'a password is changed again and again, and its owner is texted each time',
  async attack(target) {
    const promise = 'an owner is told so often only, however often something is changed'
    if (!target.texts) return [skip(promise, '--texts')]
    const before = await readCounts(target)
    if (!before) return [skip(promise, "the server's metrics: ask from its machine, or with --metrics-token")]
    for (let at = 0; at < changes; at++) {
      const change = {
        method: 'web.passport.changePwd',
        uid: target.victim,
        newPassword: `drilled ${at} times`,
      }
      const { isAccepted, code } = await target.call(change)
      if (!isAccepted) return [skip(promise, `the password of --victim is not changed (${code})`)]
    }
    const { sent, spared } = await waitForNotices(target, before)
    if (sent + spared === 0) return [skip(promise, '--victim: a user with a proved number or e-mail address')]
    return [judge(promise, sent < changes / 2, `${sent} of ${changes} sent`)]
  },
}

/** Messages sent, and notices that were not, since the server's start. */
interface Counts {
  readonly sent: number
  readonly spared: number
}

/** What was added to the counts of before, once nothing more is. */
async function waitForNotices(target: Target, before: Counts): Promise<Counts> {
  let found = { sent: 0, spared: 0 }
  const end = Date.now() + patience
  for (let changedAt = Date.now(); Date.now() < Math.min(end, changedAt + silence); await sleep(pause)) {
    const now = (await readCounts(target)) ?? before
    const more = { sent: now.sent - before.sent, spared: now.spared - before.spared }
    if (more.sent + more.spared >= changes) return more
    if (more.sent !== found.sent || more.spared !== found.spared) changedAt = Date.now()
    found = more
  }
  return found
}

async function readCounts(target: Target): Promise<Counts | undefined> {
  const { metricsToken } = target
  const headers = metricsToken === undefined ? {} : { Authorization: `Bearer ${metricsToken}` }
  const { status, text } = await target.send({}, { path: '/metrics', verb: 'GET', headers })
  if (status !== 200) return undefined
  const sum = (pattern: RegExp) =>
    [...text.matchAll(pattern)].reduce((total, [, value]) => total + Number(value), 0)
  return {
    sent: sum(/^gateway_sends_total\{[^}]*outcome="sent"[^}]*\} (\d+)$/gm),
    spared: sum(/^gateway_notices_spared_total\{[^}]*\} (\d+)$/gm),
  }
}
