import { randomBytes } from 'node:crypto'
import { type Drill, judge, skip } from '../finding.js'

/** Ways to write `@example.com` that a mailer takes for one. */
const domains = {
  'in capitals': 'EXAMPLE.COM',
  'in full width': 'ｅｘａｍｐｌｅ．ｃｏｍ',
  'with a soft hyphen': 'exam\u00adple.com',
  'with a zero width space': 'example\u200b.com',
} as const

/** An address that is one to the mailer and many to the limits is written to without end. */
export const spellings: Drill = {
  name: 'spellings',
  description: 'one e-mail address is asked for again in other spellings, and one of a machine',
  async attack(target) {
    if (!target.texts) return [skip('an address has one spelling', '--texts')]
    const name = `drill-${randomBytes(6).toString('hex')}`
    const ask = (email: string) => target.send({ method: 'front.sys.captcha.email', email })
    const machine = await ask(`${name}@[127.0.0.1]`)
    const findings = [judge("a machine's own address is written to by nobody", !machine.isAccepted)]
    const first = await ask(`${name}@example.com`)
    const again = await ask(`${name}@example.com`)
    const isLimited = first.isAccepted && !again.isAccepted
    for (const [how, domain] of Object.entries(domains)) {
      const promise = `an address ${how} counts as the same one`
      if (!isLimited) findings.push(skip(promise, 'mails to one address are not limited, or to all of them'))
      else findings.push(judge(promise, !(await ask(`${name}@${domain}`)).isAccepted))
    }
    return findings
  },
}
