import { expect } from 'chai'
import { prepared } from '../../../../suite.js'
import { withConsole } from '../suite.js'

interface Item {
  readonly user_id: number
  readonly found_by: string
}

withConsole('manage.console.user.list', {}, ({ gateway, ask, send, entries, isOfTheConsole }) => {
  const user = prepared(before, () =>
    gateway.addUser({ nickname: 'Zhang San', mobile: '13912345678', email: 'Zhang@Example.com' }),
  )
  const other = prepared(before, () => gateway.addUser({ nickname: '13912345678 is not me' }))
  const claimant = prepared(before, () =>
    gateway.addUser({ mobile: '13912345679', email: 'claimed@example.com', verified: false }),
  )

  const find = async (query: string) => {
    const { items } = (await ask({ query })) as { items: Item[] }
    return items.map(({ user_id, found_by }) => [user_id, found_by])
  }

  it('finds a user by id, account, number and e-mail address, however they are written', async () => {
    const [account = ''] = await gateway
      .db('account_user_base')
      .where({ user_id: user.uid })
      .pluck('user_account')
    expect(await find(` ${user.uid} `)).to.deep.equal([[user.uid, 'id']])
    expect(await find(account)).to.deep.equal([[user.uid, 'account']])
    expect(await find(account.toUpperCase())).to.deep.equal([[user.uid, 'account']])
    for (const number of ['+8613912345678', '8613912345678', '86-13912345678'])
      expect(await find(number), number).to.deep.equal([[user.uid, 'mobile']])
    expect(await find('ZHANG@example.com')).to.deep.equal([[user.uid, 'email']])
  })

  it('finds who only claims a number or an address as well: support is asked by them too', async () => {
    expect(await find('13912345679')).to.deep.equal([[claimant.uid, 'mobile']])
    expect(await find('claimed@example.com')).to.deep.equal([[claimant.uid, 'email']])
  })

  it('tells of each which name it was, those found by a key first', async () => {
    expect(await find('13912345678')).to.deep.equal([
      [user.uid, 'mobile'],
      [other.uid, 'nickname'],
    ])
  })

  it('finds the beginning of a nickname, not its middle, and nothing by wildcards', async () => {
    expect(await find('zhang s')).to.deep.equal([[user.uid, 'nickname']])
    for (const nothing of ['hang', 'San', '%', '_', '%san', '‮', 'x'.repeat(255), "' or 1=1 --"])
      expect(await find(nothing), nothing).to.deep.equal([])
  })

  it('masks numbers and addresses, and shows no more than tells users apart', async () => {
    const { items } = (await ask({ query: String(user.uid) })) as { items: Record<string, unknown>[] }
    expect(items[0]).to.deep.include({
      user_nickname: 'Zhang San',
      mobile: '+86 139****5678',
      email: 'Z***@Example.com',
      user_state: 1,
      certificate_state: 0,
      last_sign_in_time: 0,
      avatar: { address: '', is_upload: false },
    })
  })

  it('shows the newest without a query, a page after the other, and those of a state', async () => {
    const all = await gateway.db('account_user_base').orderBy('user_id', 'desc').pluck('user_id')
    const seen: number[] = []
    for (let after = '', pages = 0; pages === 0 || after !== ''; pages++) {
      const page = (await ask({ after, size: 2 })) as { items: Item[]; next: string }
      seen.push(...page.items.map(({ user_id }) => user_id))
      after = page.next
    }
    expect(seen).to.deep.equal(all)
    await gateway.db('account_user_info').where({ user_id: other.uid }).update({ user_state: 0 })
    const locked = (await ask({ user_state: 0 })) as { items: Item[] }
    expect(locked.items.map(({ user_id }) => user_id)).to.deep.equal([other.uid])
    await gateway.db('account_user_info').where({ user_id: other.uid }).update({ user_state: 1 })
  })

  it('pages through nicknames, each user once, whom a key found too', async () => {
    const made: number[] = []
    for (let at = 0; at < 7; at++) made.push((await gateway.addUser({ nickname: '10 of them' })).uid)
    const [keyed = 0] = made
    await gateway.db('account_user_base').where({ user_id: keyed }).update({ user_account: '10' })
    const seen: number[] = []
    for (let after = '', pages = 0; pages === 0 || after !== ''; pages++) {
      const page = (await ask({ query: '10', after, size: 3 })) as { items: Item[]; next: string }
      expect(page.items.length).to.be.within(1, 3)
      seen.push(...page.items.map(({ user_id }) => user_id))
      after = page.next
    }
    expect(seen).to.deep.equal(made)
  })

  it('shows who has no other rows yet, and refuses a place that no page told', async () => {
    const bare = await gateway.addUser()
    await gateway.db('account_user_info').where({ user_id: bare.uid }).delete()
    const { items } = (await ask({ query: String(bare.uid) })) as { items: Record<string, unknown>[] }
    expect(items[0]).to.include({ user_nickname: '', mobile: '', email: '', user_state: 1 })
    for (const after of ['x', '-1', '1;drop'])
      expect((await send({ after })).json, after).to.include({ error: 'PARAM_ERROR' })
    expect((await send({ size: 101 })).json).to.include({ error: 'PARAM_ERROR' })
  })

  it('writes nothing', async () => {
    expect(await entries()).to.deep.equal([])
  })

  isOfTheConsole()
})
