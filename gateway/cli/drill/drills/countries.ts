import { type Drill, judge, skip } from '../finding.js'

const sent = 200
const later = 9999991

/** Numbers whose owners live on what calls cost, or that nobody has. */
const costly = {
  'a satellite phone': ['881', '612345678'],
  'a satellite phone at sea': ['870', '773111632'],
  'a premium number': ['1', '9002345678'],
  'a premium number of Britain': ['44', '9098790000'],
  'a landline': ['65', '61234567'],
  'an area that nobody has': ['999', '12345678'],
} as const

/** Texts are paid for by the operator: fraudsters have them sent to numbers that pay them. */
export const countries: Drill = {
  name: 'countries',
  description: 'codes are sent to satellite phones, premium numbers, landlines and made-up areas',
  async attack(target) {
    if (!target.texts) return [skip('only mobile numbers of SMS_COUNTRIES are texted', '--texts')]
    const findings = []
    for (const [what, [area, mobile]] of Object.entries(costly)) {
      const { code } = await target.call({ method: 'web.passport.sendcode', area, mobile })
      const promise = `${what} is not texted`
      findings.push(code === later ? skip(promise, 'try again later') : judge(promise, code !== sent))
    }
    return findings
  },
}
