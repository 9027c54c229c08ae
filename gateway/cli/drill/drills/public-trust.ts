import { type Drill, judge, skip } from '../finding.js'
import { createTarget } from '../target.js'

/** Answered before the method looks at anything: no session, or not for this application. */
const closed: readonly number[] = [500, 10014]

/** The key of a public application is in every copy of its app or page: whoever has it acts for nobody without a session. */
export const publicTrust: Drill = {
  name: 'public-trust',
  description: "the key out of a public app changes passwords and reads other users' data",
  async attack(target) {
    if (!target.publicApp)
      return [skip('a public application acts for nobody by itself', '--public-app and --public-secret')]
    const { name, secret } = target.publicApp
    const copied = createTarget({ ...target, app: name, secret })
    const uid = target.victim
    const attempts = {
      'it changes no password': { method: 'web.passport.changePwd', uid, newPassword: `Drill-${Date.now()}` },
      'it sets no counters': { method: 'open.passport.setCounters', uid, messageCount: '1' },
      'it reads no user without a session': { method: 'web.passport.getUserVerifyInfo', uid },
      'it asks for no numbers without a session': {
        method: 'web.passport.checkVerifyMobile',
        mobile: '13900000000',
      },
    }
    const findings = []
    for (const [promise, params] of Object.entries(attempts)) {
      const { code } = await copied.call(params)
      findings.push(judge(promise, closed.includes(code), `answered ${code}`))
    }
    return findings
  },
}
