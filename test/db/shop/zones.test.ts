import { expect } from 'chai'
import { instantOf, offsetAt, wallTime } from '../../../db/shop/zones.js'

/** A zone and a day on which its clocks change. */
const changes = [
  ['Asia/Shanghai', '1991-04-13'],
  ['Europe/Berlin', '2021-03-28'],
  ['Europe/Berlin', '2021-10-31'],
  ['America/New_York', '2022-11-06'],
  ['Australia/Lord_Howe', '2023-04-01'],
  ['Asia/Shanghai', '2024-02-29'],
] as const

/** What the zone's own name for its offset says: `GMT+08:00`. */
function namedOffset(instant: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(name) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000
}

describe('the times of a zone', () => {
  for (const [zone, day] of changes)
    it(`are right at every quarter of an hour around ${day} in ${zone}`, () => {
      const noon = Date.parse(`${day}T12:00:00Z`)
      for (let instant = noon - 172_800_000; instant < noon + 172_800_000; instant += 900_000) {
        const offset = offsetAt(instant, zone)
        expect(offset, new Date(instant).toISOString()).to.equal(namedOffset(instant, zone))
        expect(offsetAt(instant - 1, zone)).to.equal(namedOffset(instant - 1, zone))
        const wall = instantOf(instant + offset, zone)
        expect(wallTime(wall, zone)).to.equal(wallTime(instant, zone))
      }
    })
})
