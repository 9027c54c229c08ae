import { setTimeout as sleep } from 'node:timers/promises'
import { type Drill, judge, skip } from '../finding.js'

const paused = 10013
const home = '198.51.100.7'
const elsewhere = '203.0.113.9'
/** Where a user has signed in is known this much later (ms). */
const recordDelay = 1500
/** More than begin a pause. */
const guesses = 8

/** Whoever guesses at a name must be stopped, and must not thereby stop its owner. */
export const lockout: Drill = {
  name: 'lockout',
  description: "a stranger's wrong passwords shut the owner out",
  async attack(target) {
    const promise = 'the owner signs in where they did before, whatever strangers guess'
    if (!target.login || !target.asProxy) return [skip(promise, '--account, --password and --as-proxy')]
    const { account, password } = target.login
    const signIn = (password: string, ip: string) =>
      target.send(
        { method: 'front.account.login.login', user_account: account, password },
        { headers: { 'X-Real-IP': ip } },
      )
    if (!(await signIn(password, home)).isAccepted) return [skip(promise, 'account and password do not fit')]
    await sleep(recordDelay)
    const codes: number[] = []
    for (let at = 0; at < guesses; at++) codes.push((await signIn(`wrong ${at}`, elsewhere)).code)
    return [
      judge("a stranger's guesses end in a pause", codes.includes(paused)),
      judge(promise, (await signIn(password, home)).isAccepted),
    ]
  },
}
