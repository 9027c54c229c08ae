import { expect } from 'chai'
import type { DifferenceKind } from '../../../../gateway/move/compare/difference.js'
import type { ServerChecked } from '../../../../gateway/move/check/check-server.js'
import { requireProgram } from '../../../servers/available.js'
import { type OldGateway, type Plantable, startOldGateway } from '../../../servers/old-gateway/old-gateway.js'
import { check, failuresOf, kindsOf } from './checked-server.js'

/** What each planted difference is called, and a method whose check shows it. */
const names: Readonly<Record<Plantable, readonly [kind: DifferenceKind, method: string]>> = {
  'escaped-slashes': ['escaped-slash', 'web.passport.getUserContacts'],
  'escaped-unicode': ['escaped-unicode', 'web.passport.checkVerifyEmail'],
  'text-for-number': ['string-number', 'web.passport.getUserVerifyInfo'],
  'list-for-object': ['empty-list-object', 'web.passport.modifyUserContacts'],
  'number-form': ['number-form', 'open.passport.get'],
  'missing-for-null': ['missing-null', 'front.account.user.info'],
  'key-order': ['key-order', 'web.passport.getUserContacts'],
  text: ['text', 'web.passport.getUserHabits'],
  code: ['code', 'web.passport.verifyUserPwd'],
  'date-form': ['date-form', 'web.passport.getUserVerifyInfo'],
  'date-zone': ['date-zone', 'web.passport.getUserVerifyInfo'],
  status: ['status', 'web.passport.getUserVerifyInfo'],
  header: ['header', 'web.passport.checkCodeValid'],
  'byte-order-mark': ['byte-order-mark', 'web.passport.checkCodeValid'],
  'trailing-blank': ['blank-around', 'web.passport.getUserHabits'],
}

/** What the wire knows and this old server has not. */
const absentThere = ['paths by name', 'front.account.userMessage.getMsgCount', 'web.passport.getLikeBrand']

describe('The contract pack, asked of an old gateway in PHP', function () {
  this.timeout(300_000)
  let old: OldGateway
  before(async function () {
    old = await startOldGateway(requireProgram(this, 'php'))
  })
  after(() => old?.stop())

  function checkOld(wants: (method: string) => boolean = () => true, writes = true): Promise<ServerChecked> {
    const [user] = old.users
    if (user === undefined) throw new Error('the old gateway has no users')
    const { uid, account, password } = user
    const answers = { 'web.passport.getUserVerifyInfo': { mobileVerifyTime: '2015-11-13 14:14:35' } }
    return check(old.url, {
      signer: { name: 'h5', secret: old.apps['h5'] ?? '', scheme: 'legacy' },
      users: [{ uid, account, password, answers }],
      writes,
      wants,
    })
  }

  for (const writes of [false, true])
    it(`passes in all that it has ${writes ? 'and writes' : 'and only reads'}`, async () => {
      old.restore()
      const report = await checkOld(undefined, writes)
      expect(failuresOf(report).join('\n')).to.equal('')
      expect(report.score).to.equal(100)
      expect(report.checks).to.be.above(writes ? 300 : 140)
      expect(report.absent).to.include.members(absentThere)
    })

  for (const [planted, [kind, method]] of Object.entries(names))
    it(`finds the planted difference "${planted}", and names it ${kind}`, async () => {
      old.restore()
      old.plant([planted as Plantable])
      const isNear = (name: string) => name === method
      const report = await checkOld(isNear).finally(() => old.plant([]))
      expect(kindsOf(report), failuresOf(report).join('\n')).to.deep.equal([kind])
      expect(
        report.methods.flatMap(({ method, failures }) => (failures.length > 0 ? [method] : [])),
      ).to.include(method)
    })

  it('shows no secret and nothing of its users in what it tells', async () => {
    old.restore()
    old.plant(Object.keys(names) as Plantable[])
    const report = await checkOld().finally(() => old.plant([]))
    const text = JSON.stringify(report)
    const [user] = old.users
    const values = [user?.password, user?.mobile, user?.email, user?.nickname, user?.account, old.apps['h5']]
    for (const value of values) expect(text).not.to.contain(value)
    expect(kindsOf(report)).to.include.members([...new Set(Object.values(names).map(([kind]) => kind))])
  })
})
