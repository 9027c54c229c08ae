import { expect } from 'chai'
import { statementsDuring } from '../../db/statements.js'
import { addAdmin } from '../../methods/manage/account/administrators.js'
import { prepared, withGateway } from '../../suite.js'

/** Whose answers come of WeChat, of a mailed link or without end: what they do stands in their own tests. */
const elsewhere = new Set([
  'front.account.wechat.wxConfig',
  'front.account.wechat.getXcxAccessToken',
  'front.account.userMessage.stream',
  'web.passport.checkCodeValid',
])

withGateway('methods that say they are safe', (gateway) => {
  const made = prepared(before, async () => {
    const admin = await addAdmin(gateway)
    const { db } = gateway
    const [ud_id = 0] = await db('account_user_delivery_address').insert({ user_id: admin.uid })
    const [user_invoice_id = 0] = await db('account_user_invoice').insert({ user_id: admin.uid })
    await db('account_user_login').insert({ user_id: admin.uid })
    const ids = { uid: admin.uid, user_id: admin.uid, ud_id, user_invoice_id }
    const texts = Object.entries(ids).map(([name, id]) => [name, String(id)])
    const params: Record<string, string> = Object.fromEntries(texts)
    return { params, token: await admin.startSession() }
  })
  before(() => gateway.services.queue.stop())

  it('write nothing, and those that take a POST alone are none', async () => {
    const { byName } = gateway.gateway.table
    const headers = { Authorization: `Bearer ${made.token}` }
    const failed: string[] = []
    const tried = new Set<string>()
    for (const { name, isSafe, verbs } of byName.values()) {
      if (!isSafe || elsewhere.has(name) || tried.has(name)) continue
      tried.add(name)
      expect(verbs, name).to.include('GET')
      // A user is found by one thing.
      const more = name === 'web.passport.checkVerifyEmail' ? { email: 'free@example.com' } : undefined
      const call = () => gateway.call(name, { ...made.params, ...more }, { headers })
      // The first may make a key, or find what the next ones remember.
      await call()
      const { result, statements } = await statementsDuring(gateway.db, call)
      if (result.json?.code !== 200) failed.push(`${name}: ${result.text}`)
      expect(
        statements.filter((sql) => !/^select/i.test(sql)),
        name,
      ).to.deep.equal([])
    }
    expect(tried.size).to.be.above(40)
    expect(failed).to.deep.equal([])
  })
})
