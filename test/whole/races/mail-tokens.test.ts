import { expect } from 'chai'
import { bindAddress } from '../../../db/bindings.js'
import { onEachDatabase } from '../../servers/databases.js'
import { readMessage } from './messages.js'
import { useTrack } from './track.js'

const parallel = 200
const done = 200
const invalid = 404
const wrongPassword = 10012

onEachDatabase('one mailed token used in parallel', function (database) {
  this.timeout(60_000)
  const track = useTrack(database)

  it('resets the password for one of 200 calls', async () => {
    const email = 'racer@example.com'
    const uid = await addUserWithEmail(email)
    expect((await track.call('app.register.backpwdByEmail', { email })).code).to.equal(200)
    const code = await readMessage(track.db, email, /[?&]code=([\w-]+)/)
    const { answers, codes } = await track.race(
      Array.from({ length: parallel }, (_, at) => ({
        method: 'app.register.resetPwdByCode',
        params: { code, newPwd: `password of call ${at}` },
      })),
    )
    expect(codes).to.deep.equal({ [done]: 1, [invalid]: parallel - 1 })
    const winner = answers.findIndex(({ code }) => code === done)
    expect(await verify(uid, `password of call ${winner}`)).to.equal(done)
    expect(await verify(uid, `password of call ${(winner + 1) % parallel}`)).to.equal(wrongPassword)
    expect(await track.db('used_mail_token')).to.have.length(1)
  })

  const verify = async (uid: number, password: string) =>
    (await track.call('web.passport.verifyUserPwd', { uid: String(uid), password })).code

  const addUserWithEmail = async (email: string) => {
    const [uid = 0] = await track.addUsers(1)
    const now = Date.now()
    const row = { kind: 'email', value: email, user_id: uid, verified_at: now, created_at: now } as const
    await bindAddress(track.db, row)
    return uid
  }
})
