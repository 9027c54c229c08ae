import { audit } from '../../../../methods/rules/audit.js'
import type { TestGateway } from '../../../harness.js'

const start = Date.parse('2026-11-20T10:00:00Z')
/** From 2 to 3 seconds after the first second of `writeEntries`. */
export const span = { since: start + 2000, until: start + 3000 }

/** Writes entries within four seconds of a day, and leaves the clock a little later. */
export async function writeEntries({ services, clock }: TestGateway): Promise<void> {
  const write = (
    at: number,
    action: string,
    { ip = '2001:db8::1', requestId = '' },
    ...events: Parameters<typeof audit>[2][]
  ) => {
    clock.freeze(start + at * 1000)
    return audit(services, { action, session: undefined, ip, requestId }, ...events)
  }
  await write(1, 'test.one', { requestId: 'request-0001' }, { actorId: 7001, targetId: 7002, detail: 'a' })
  // Entries of one moment.
  const three = ['b', 'c', 'd'].map((detail) => ({ actorId: 7002, targetId: 7003, detail }))
  await write(2, 'test.two', { ip: '192.0.2.1' }, ...three)
  await write(3, 'test.two', {}, { actor: 'cli', outcome: 'wrong', targetId: 7001, detail: 'e' })
  await write(4, 'other', {}, { actor: '=HYPERLINK("x")', targetId: 7009, detail: '+1, "x"\n' })
  clock.freeze(start + 100_000)
}
