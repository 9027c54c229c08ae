import { type Drill, judge, skip } from '../finding.js'
import { createTarget, isKeyTaken, keyProof, type Target } from '../target.js'

/** Answered before the method looks at anything: no session, or not for this application. */
const closed: readonly number[] = [500, 10014]

type PublicApp = NonNullable<Target['publicApp']>

const promise = 'a public application acts for nobody by itself'

/** The key of a public application is in every copy of its app or page: whoever has it acts for nobody without a session. */
export const publicTrust: Drill = {
  name: 'public-trust',
  description: "the key out of a public app changes passwords and reads other users' data",
  async attack(target) {
    if (!target.publicApp) return [skip(promise, '--public-app and --public-secret')]
    const { name } = target.publicApp
    const copied = await copyOf(target, target.publicApp)
    if (!copied)
      return [
        skip(promise, `the key of ${name} is refused: its --public-secret, or it may not call ${keyProof}`),
      ]
    const uid = target.victim
    const attempts = {
      'it changes no password': { method: 'web.passport.changePwd', uid, newPassword: `Drill-${Date.now()}` },
      'it sets no counters': { method: 'open.passport.setCounters', uid, messageCount: '1' },
      'it reads no user without a session': { method: keyProof, uid },
      'it asks for no numbers without a session': {
        method: 'web.passport.checkVerifyMobile',
        mobile: '13900000000',
      },
    }
    const findings = []
    for (const [kept, params] of Object.entries(attempts)) {
      const { code } = await copied.call(params)
      findings.push(judge(kept, closed.includes(code), `answered ${code}`))
    }
    return findings
  },
}

/** Whoever has the key sees by which scheme the app signs. Undefined if the key fits neither. */
async function copyOf(target: Target, { name, secret }: PublicApp): Promise<Target | undefined> {
  for (const scheme of ['legacy', 'hmac-sha256'] as const) {
    const copied = createTarget({ ...target, app: name, secret, scheme })
    if (await isKeyTaken(copied)) return copied
  }
  return undefined
}
