import { expect } from 'chai'
import { onEachDatabase } from '../../../servers/databases.js'
import { useTrack } from '../track.js'

const parallel = 200
const wrong = 10012
const paused = 10013

onEachDatabase('wrong passwords tried in parallel', function (database) {
  this.timeout(60_000)
  const track = useTrack(database)

  const guess = (uid: number) =>
    track.race(
      Array.from({ length: parallel }, (_, at) => ({
        method: 'web.passport.verifyUserPwd',
        params: { uid: String(uid), password: `guess number ${at}` },
      })),
    )

  it('compares five of 200 before a pause', async () => {
    const [uid = 0] = await track.addUsers(1)
    const { codes, seconds } = await guess(uid)
    // One more when a pause is over: the first lasts a second, each next one twice as long.
    const pausesOver = Math.floor(Math.log2(seconds + 1))
    expect(codes[wrong]).to.be.within(5, 5 + pausesOver)
    expect((codes[wrong] ?? 0) + (codes[paused] ?? 0)).to.equal(parallel)
  })

  it('compares one of 200 when a long pause is over', async () => {
    const [uid = 0] = await track.addUsers(1)
    const past = Date.now() - 1000
    const row = { subject: String(uid), failures: 13, blocked_until: past, expires_at: past + 86_400_000 }
    await track.db('login_failure').insert(row)
    expect((await guess(uid)).codes).to.deep.equal({ [wrong]: 1, [paused]: parallel - 1 })
  })
})
