import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import type { TestUser } from '../../../../harness.js'
import { addressOf } from '../../../front/account/userDeliveryAddress/delivery-addresses.js'
import { forAdministrators, withAdmin } from '../suite.js'

const folder = '/manage/account/userDeliveryAddress'
const action = 'manage.account.userDeliveryAddress.removeBatch'

withAdmin('manage.account.userDeliveryAddress.removeBatch', ({ gateway, admin, post, ask, refusals }) => {
  let users: TestUser[]
  before(async () => {
    users = [await gateway.addUser(), await gateway.addUser()]
  })

  const add = async (whose = 0) => {
    const user_id = String(users[whose]?.uid)
    return String(addressOf(await admin.post(`${folder}/add`, { user_id })).ud_id)
  }
  const remove = (...udIds: string[]) => post({ ud_id: udIds.join(',') })
  const ids = async () => (await gateway.db('account_user_delivery_address').pluck('ud_id')).map(String)
  const audits = async (most: number) =>
    (
      await gateway
        .db('audit_entry')
        .where({ action })
        .orderBy('audit_id', 'desc')
        .limit(most)
        .select('target_id', 'detail')
    ).toReversed()
  const newestAudit = () => gateway.db('audit_entry').where({ action }).orderBy('audit_id', 'desc').first()

  it('removes all of a list, of one user or of several, and writes it into the audit', async () => {
    const [kept, first, second, third] = [await add(), await add(), await add(), await add(1)]
    expect(await remove(first, second)).to.equal(done)
    expect(await ids()).to.have.members([kept, third])
    expect(await newestAudit()).to.include({
      actor_id: admin.uid,
      target_id: users[0]?.uid,
      detail: `ud_id ${first}, ${second}`,
    })
    expect(await remove(kept, third)).to.equal(done)
    expect(await audits(2)).to.deep.equal([
      { target_id: users[0]?.uid, detail: `ud_id ${kept}` },
      { target_id: users[1]?.uid, detail: `ud_id ${third}` },
    ])
    expect(await ids()).to.deep.equal([])
  })

  it('takes one id, the same twice, and 500', async () => {
    expect(await remove(await add())).to.equal(done)
    const twice = await add()
    expect(await remove(twice, twice)).to.equal(done)
    await gateway
      .db('account_user_delivery_address')
      .insert(Array.from({ length: 500 }, () => ({ user_id: users[0]?.uid ?? 0, ud_name: '旧' })))
    const all = await ids()
    expect(await remove(...all)).to.equal(done)
    expect(await ids()).to.deep.equal([])
    const told = (await audits(39)).map(({ detail }) => detail.replace('ud_id ', ''))
    expect(told.join(', ').split(', ')).to.deep.equal(all)
  })

  it('removes none when one of them is not there', async () => {
    const [first, second] = [await add(), await add(1)]
    for (const none of ['0', '999999999', '9007199254740991'])
      expect(await remove(first, none, second), none).to.equal(failed)
    expect(await ids()).to.have.members([first, second])
    expect(await remove(first)).to.equal(done)
    expect(await remove(first, second)).to.equal(failed)
    expect(await ids()).to.deep.equal([second])
    await remove(second)
  })

  it('removes each once of many that are asked for at a time', async () => {
    const udIds = await Promise.all(Array.from({ length: 6 }, () => add()))
    const reversed = udIds.toReversed()
    const asked = Array.from({ length: 10 }, (_, at) => remove(...(at % 2 === 0 ? udIds : reversed)))
    const answers = await Promise.all(asked)
    expect(answers.filter((text) => text === done)).to.have.length(1)
    expect(answers.filter((text) => text === failed)).to.have.length(9)
  })

  it('says what it takes', async () => {
    const kept = await add()
    for (const text of [
      'x',
      `${kept};1`,
      `${kept},`,
      `,${kept}`,
      `${kept}, 1`,
      '-1',
      '1.5',
      `${kept} or 1=1`,
    ])
      expect(await remove(text), text).to.equal(
        '{"status":250,"code":300,"msg":"参数错误：ud_id: text (at most 500 ids with commas between them)",' +
          '"data":null,"error":"PARAM_ERROR"}',
      )
    const many = Array.from({ length: 501 }, (_, at) => String(at + 1))
    expect(await remove(...many)).to.include('at most 500 ids')
    expect(await remove('9007199254740992')).to.include('ud_id: ids of at most 9007199254740991')
    for (const nothing of ['', 'null']) expect(await remove(nothing)).to.equal(failed)
    expect(await post()).to.equal(failed)
    expect(await ids()).to.include(kept)
  })

  it('answers in the envelope of the gateway under its method name', async () => {
    const { json } = await gateway.call(action, { ud_id: await add(), session_key: admin.token })
    expect(json?.code).to.equal(200)
  })

  it('is for administrators, by POST', async () => {
    const ud_id = await add()
    expect(await refusals('POST', { ud_id }, users[0])).to.deep.equal(forAdministrators)
    expect((await ask({ ud_id })).status).to.equal(405)
    expect(await ids()).to.include(ud_id)
  })
})
