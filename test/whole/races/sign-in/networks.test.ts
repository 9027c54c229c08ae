import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { verifyIdentity } from '../../../../db/identities.js'
import { onEachDatabase } from '../../../servers/databases.js'
import { countSms } from '../messages.js'
import { type RaceCall, useTrack } from '../track.js'

const wrong = 404
const exhausted = 405

const env = {
  LIMIT_IP_SCALE: '1',
  CODE_PER_IP_HOUR: '1000',
  CODE_PER_NETWORK_HOUR: '1000',
  WRONG_CODES_PER_IP_HOUR: '23',
}

onEachDatabase('limits that numbers share, on two nodes', function (database) {
  this.timeout(120_000)
  const track = useTrack(database, env)

  it('compare as many wrong codes of a network as they are to, whatever the numbers', async () => {
    const mobiles = Array.from({ length: 40 }, (_, at) => String(13_900_000_100 + at))
    for (const mobile of mobiles) await track.call('web.passport.sendcode', { mobile })
    const guesses = mobiles.flatMap((mobile) =>
      ['0001', '0002', '0003', '0004'].map((code) => check(mobile, code)),
    )
    const { codes } = await track.race(guesses)
    expect(codes).to.deep.equal({ [wrong]: 23, [exhausted]: guesses.length - 23 })
  })

  it('tell a number of changes three times in an hour', async () => {
    const mobile = '13900000200'
    const [uid = 0] = await track.addUsers(1)
    const now = Date.now()
    const own = {
      kind: 'mobile',
      value: `+86${mobile}`,
      user_id: uid,
      verified_at: now,
      created_at: now,
    } as const
    await verifyIdentity(track.db, own)
    const job = { template: 'password-changed', payload: JSON.stringify({ area: '86', mobile }) }
    const jobs = Array.from({ length: 60 }, () => ({ ...job, due_at: now, expires_at: now + 86_400_000 }))
    await track.db('delivery_job').insert(jobs)
    while ((await track.db('delivery_job')).length > 0) await sleep(100)
    expect(await countSms(track.db, `+86${mobile}`)).to.equal(3)
  })
})

function check(mobile: string, code: string): RaceCall {
  return { method: 'web.passport.checkcode', params: { mobile, code } }
}
