import { expect } from 'chai'
import { databaseForms } from '../../servers/cluster/haproxy.js'
import { requireCluster } from '../../servers/cluster/cluster.js'
import { type Service, startService } from './service.js'

const isLong = process.env['TEST_LONG'] !== undefined
const rounds = Number(process.env['TEST_CLUSTER_READS'] ?? 1000)
const clients = 8
const done = 200
const nodes = 3

for (const form of isLong ? databaseForms : [])
  describe(`a client whose every call goes to another node of a cluster with ${form}`, function () {
    this.timeout(600_000)
    let service: Service
    before(async function () {
      requireCluster(this)
      service = await startService(form)
    })
    after(() => service?.stop())

    /** Runs some work so often, by several clients at once, and counts what each found to be out of date. */
    const inRounds = async (work: (at: number) => Promise<readonly string[]>) => {
      const stale: Record<string, number> = {}
      let next = 0
      const client = async () => {
        for (let at = next++; at < rounds; at = next++)
          for (const what of await work(at)) stale[what] = (stale[what] ?? 0) + 1
      }
      await Promise.all(Array.from({ length: clients }, client))
      return stale
    }

    it('finds its fresh token, its right code, its new address and its new name there', async () => {
      const stale = await inRounds(async (at) => {
        const node = (step: number) => (at + step) % nodes
        const { insist: call } = service
        const { token: perm_key, mobile } = await service.signUp(at % nodes)
        const own = await call('front.account.user.info', { perm_key }, node(1))
        const added = await call(
          'front.account.userDeliveryAddress.add',
          { perm_key, ud_name: `name ${at}` },
          node(2),
        )
        const listed = await call('front.account.userDeliveryAddress.list', { perm_key }, node(3))
        const changed = await call(
          'front.account.user.edit',
          { perm_key, user_nickname: `nick-${at}` },
          node(4),
        )
        const again = await call('front.account.user.info', { perm_key }, node(5))
        const another = String(13_300_000_000 + at)
        const code = await service.sendCode(another, node(6))
        const checked = await call('web.passport.checkcode', { mobile: another, code }, node(7))
        expect([added.code, changed.code], `${added.body} ${changed.body} ${mobile}`).to.deep.equal([
          done,
          done,
        ])
        return [
          own.code === done ? '' : 'token',
          listed.body.includes(`"name ${at}"`) ? '' : 'address',
          again.body.includes(`"nick-${at}"`) ? '' : 'name',
          checked.code === done ? '' : 'code',
        ].filter((what) => what !== '')
      })
      console.log(
        `      ${service.sentAgain()} of ${rounds * 9} calls were sent again, as their answers said`,
      )
      expect(stale, `of ${rounds} each`).to.deep.equal({})
    })
  })
