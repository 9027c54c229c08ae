import { type Drill, judge, skip } from '../finding.js'

const paused = 10013
/** More than begin a pause. */
const guesses = 6

/** A pause that two names share tells that they are one person. */
export const pauses: Drill = {
  name: 'pauses',
  description: 'the pause after wrong passwords for an account tells whose number it is',
  async attack(target) {
    const promise = "a pause of the account shows nothing at its owner's number"
    if (!target.login?.number) return [skip(promise, '--account, --password and --number of one user')]
    const { account, number } = target.login
    const guess = async (name: string) =>
      (
        await target.send({
          method: 'front.account.login.login',
          user_account: name,
          password: `wrong ${Date.now()}`,
        })
      ).code
    if ((await guess(number)) === paused)
      return [skip(promise, 'the number is paused already: try again later')]
    const codes: number[] = []
    for (let at = 0; at < guesses; at++) codes.push(await guess(account))
    return [
      judge('wrong passwords end in a pause', codes.includes(paused)),
      judge(promise, (await guess(number)) !== paused),
    ]
  },
}
