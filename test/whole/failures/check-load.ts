import { expect } from 'chai'
import type { BesideConnection } from '../../servers/processes/gateway-process.js'
import type { JournalLoad } from './journal-load.js'

/** Ends a load and holds it to what every failure must keep. */
export async function checkLoad(
  load: JournalLoad,
  beside: BesideConnection,
  what: string,
  back: readonly number[],
): Promise<void> {
  const figures = await load.stop()
  const summary = `${figures.calls} calls, ${figures.perSecond}/s, ${figures.refused} refused, back after ${back.join(', ')} ms`
  console.log(`      ${what}: ${summary}`)
  expect(figures.unclean).to.deep.equal([])
  expect(await load.findLostWrites(beside.db)).to.deep.equal([])
}
