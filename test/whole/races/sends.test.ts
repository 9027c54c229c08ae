import { expect } from 'chai'
import { onEachDatabase } from '../../servers/databases.js'
import { countSms } from './messages.js'
import { type Race, type Track, useTrack } from './track.js'

const parallel = 200
const sent = 200
const refused = 9999991

onFreshTracks('texts a number once a minute', {}, async (track) => {
  const { codes } = await askForCodes(track, () => '13900000001')
  expect(codes).to.deep.equal({ [sent]: 1, [refused]: parallel - 1 })
  expect(await countSms(track.db)).to.equal(1)
})

onFreshTracks('texts a number CODE_PER_NUMBER_HOUR times an hour', { CODE_GAP: '0' }, async (track) => {
  const { codes } = await askForCodes(track, () => '13900000001')
  expect(codes).to.deep.equal({ [sent]: 5, [refused]: parallel - 5 })
  expect(await countSms(track.db)).to.equal(5)
})

onFreshTracks(
  'texts for one address CODE_PER_IP_HOUR times an hour, whatever the numbers',
  { LIMIT_IP_SCALE: '1' },
  async (track) => {
    const { codes } = await askForCodes(track, (at) => String(13900000000 + at))
    expect(codes).to.deep.equal({ [sent]: 20, [refused]: parallel - 20 })
    expect(await countSms(track.db)).to.equal(20)
  },
)

onFreshTracks('texts CODE_PER_DAY times a day in all', { CODE_PER_DAY: '7' }, async (track) => {
  const { codes } = await askForCodes(track, (at) => String(13900000000 + at))
  expect(codes).to.deep.equal({ [sent]: 7, [refused]: parallel - 7 })
  expect(await countSms(track.db)).to.equal(7)
})

onFreshTracks(
  'texts CODE_PER_DAY times a day where that is counted in shares, to the last one',
  { CODE_PER_DAY: '337', CODE_RESERVE: '0', CODE_PER_IP_HOUR: '1000', CODE_PER_NETWORK_HOUR: '1000' },
  async (track) => {
    let texted = 0
    for (let round = 0; round < 3; round++) {
      const { codes } = await askForCodes(track, (at) => String(13_900_000_000 + 1000 * round + at))
      texted += codes[sent] ?? 0
      expect((codes[sent] ?? 0) + (codes[refused] ?? 0)).to.equal(parallel)
    }
    expect(texted).to.equal(337)
    expect(await countSms(track.db)).to.equal(337)
    const shares = await track.db('usage_limit').where('name', 'like', 'all-day:sms:%').orderBy('name')
    expect(shares.map(({ used }) => used)).to.deep.equal([113, 112, 112])
  },
)

/** Each on a database and with processes of its own: limits are configuration, and what was used of them stays. */
function onFreshTracks(
  title: string,
  env: Readonly<Record<string, string>>,
  test: (track: Track) => Promise<void>,
): void {
  onEachDatabase(`codes asked for in ${parallel} parallel calls`, function (database) {
    this.timeout(60_000)
    const track = useTrack(database, env)
    it(title, () => test(track))
  })
}

function askForCodes(track: Track, mobileOf: (at: number) => string): Promise<Race> {
  const calls = Array.from({ length: parallel }, (_, at) => ({
    method: 'web.passport.sendcode',
    params: { mobile: mobileOf(at) },
  }))
  return track.race(calls)
}
