import { expect } from 'chai'
import { withConsole } from '../suite.js'

interface Item {
  readonly user_id: number
}

withConsole('manage.console.certificate.list', {}, ({ gateway, admin, ask, entries, isOfTheConsole }) => {
  async function addWaiting(state = 1): Promise<number> {
    const { uid } = await gateway.addUser({ nickname: '待审核' })
    await gateway.db('account_user_info').where({ user_id: uid }).update({
      user_realname: '李四',
      user_idcard: '110101199003070134',
      user_idcard_images: '/cards/1.png,https://img.example.com/2.png',
      user_is_authentication: state,
    })
    await gateway.db('user_certificate').insert({ user_id: uid, sealed_idcard: 'sealed', submitted_at: 5 })
    return uid
  }

  it('shows nothing, and notes nothing, where none waits', async () => {
    expect(await ask()).to.deep.equal({ items: [], next: 0 })
    expect(await entries()).to.deep.equal([])
  })

  it('shows those that wait with their pictures, a page after the other, and notes whose were seen', async () => {
    const waiting = [await addWaiting(), await addWaiting(), await addWaiting()]
    for (const state of [0, 2, 3]) await addWaiting(state)
    const first = (await ask({ size: 2 })) as { items: Item[]; next: number }
    expect(first.items[0]).to.deep.include({
      user_nickname: '待审核',
      realname: '李四',
      idcard: '1****************4',
      submit_time: 5,
      pictures: [
        { address: 'http://passport.test/cards/1.png', is_upload: false },
        { address: 'https://img.example.com/2.png', is_upload: false },
      ],
    })
    expect(JSON.stringify(first)).not.to.match(/sealed|199003070/)
    const second = (await ask({ size: 2, after: first.next })) as { items: Item[]; next: number }
    expect([...first.items, ...second.items].map(({ user_id }) => user_id)).to.deep.equal(waiting)
    expect(second.next).to.equal(0)
    expect(await entries()).to.deep.equal(
      waiting.map((target_id) => ({ actor_id: admin.uid, target_id, detail: '' })),
    )
  })

  isOfTheConsole()
})
