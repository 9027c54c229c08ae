import { expect } from 'chai'
import { hashQuickly } from '../../password-cost.js'
import { onEachDatabase } from '../../servers/databases.js'
import { openTrack, type RaceCall, type Track } from './track.js'

const parallel = 200
const done = 200
const refused = 400
const password = 'right password'

onEachDatabase('invoices changed by one user in parallel', function (database) {
  this.timeout(60_000)
  let track: Track
  let passwordHash: string
  before(async () => {
    track = await openTrack(database)
    passwordHash = await hashQuickly(password)
  })
  after(() => track?.close())

  async function addOwner() {
    const [uid = 0] = await track.addUsers(1, passwordHash)
    const user = await track.db('account_user_base').where({ user_id: uid }).first('user_account')
    const params = { user_account: user?.user_account ?? '', password }
    const { body } = await track.call('front.account.login.login', params)
    const { data }: { data: { token: string } } = JSON.parse(body)
    const call = (verb: string, fields: Record<string, string>): RaceCall => ({
      method: `front.account.userInvoice.${verb}`,
      params: { access_token: data.token, ...fields },
    })
    const invoices = () => track.db('account_user_invoice').where({ user_id: uid })
    return { uid, call, invoices }
  }

  it('have one default, whichever of 200 made it', async () => {
    const { uid, call, invoices } = await addOwner()
    const { call: callOfOther, invoices: invoicesOfOther } = await addOwner()
    await track.call('front.account.userInvoice.add', callOfOther('add', { invoice_is_default: '1' }).params)
    await track.db('account_user_invoice').insert(Array.from({ length: 20 }, () => ({ user_id: uid })))
    const ids = (await invoices()).map(({ user_invoice_id }) => String(user_invoice_id))
    const isDefault = { invoice_is_default: '1' }
    const { codes } = await track.race(
      Array.from({ length: parallel }, (_, at) =>
        at % 3 === 0
          ? call('add', isDefault)
          : call('edit', { user_invoice_id: ids[at % ids.length] ?? '', ...isDefault }),
      ),
    )
    expect(codes).to.deep.equal({ [done]: parallel })
    const rows = await invoices()
    expect(rows).to.have.length(20 + Math.ceil(parallel / 3))
    expect(rows.filter(({ invoice_is_default }) => invoice_is_default)).to.have.length(1)
    expect((await invoicesOfOther()).map(({ invoice_is_default }) => invoice_is_default)).to.deep.equal([1])
  })

  it('are a hundred when 200 are added', async () => {
    const { call, invoices } = await addOwner()
    const { codes } = await track.race(
      Array.from({ length: parallel }, () => call('add', { invoice_is_default: '1' })),
    )
    expect(codes).to.deep.equal({ [done]: 100, [refused]: parallel - 100 })
    const rows = await invoices()
    expect(rows).to.have.length(100)
    expect(rows.filter(({ invoice_is_default }) => invoice_is_default)).to.have.length(1)
  })

  it('are removed once, and leave at most one default', async () => {
    const { uid, call, invoices } = await addOwner()
    await track.db('account_user_invoice').insert(Array.from({ length: 20 }, () => ({ user_id: uid })))
    const ids = (await invoices()).map(({ user_invoice_id }) => String(user_invoice_id))
    const removed = ids.slice(0, 10)
    const { answers } = await track.race(
      Array.from({ length: parallel }, (_, at) => {
        const invoiceId = { user_invoice_id: ids[at % ids.length] ?? '' }
        return at % 40 < 10
          ? call('remove', invoiceId)
          : call('edit', { ...invoiceId, invoice_is_default: '1' })
      }),
    )
    const removals = answers.filter((_, at) => at % 40 < 10)
    expect(removals.filter(({ code }) => code === done)).to.have.length(removed.length)
    const rows = await invoices()
    expect(rows.map(({ user_invoice_id }) => String(user_invoice_id))).to.deep.equal(ids.slice(10))
    expect(rows.filter(({ invoice_is_default }) => invoice_is_default)).to.have.length(1)
  })
})
