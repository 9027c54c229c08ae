import { expect } from 'chai'
import { addGroup, addTag } from '../tags.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userInfo.list', ({ gateway, list, refusesOthers }) => {
  const listed = async (params: Record<string, string>) => (await list(params)).items
  const names = async (params: Record<string, string>) =>
    (await listed(params)).map(({ user_nickname }) => user_nickname)
  before(async () => {
    for (const [at, nickname] of ['张三', '张三丰', '李四'].entries()) {
      const { uid } = await gateway.addUser({ nickname, mobile: `1391234567${at}` })
      await gateway
        .db('account_user_info')
        .where({ user_id: uid })
        .update({ user_gender: at % 3, user_idcard_images: '/card.png', user_idcard: '11010519491231002X' })
    }
  })

  it('shows a user without the pictures of the certificate', async () => {
    const [row] = await listed({ user_nickname: '李四' })
    expect(row).to.include({
      user_nickname: '李四',
      user_state: 1,
      user_mobile: '13912345672',
      user_intl: '+86',
      user_gender: 2,
      user_idcard: '1****************X',
      user_idcard_images: '',
      tag_ids: '',
      user_new: true,
      user_parent_id: null,
    })
  })

  it('finds a part of the nickname, the owner of a number, and nothing by what is empty', async () => {
    expect(await names({ user_nickname: '张' })).to.deep.equal(['张三丰', '张三'])
    expect(await names({ user_nickname: '%' })).to.deep.equal([])
    expect(await names({ user_mobile: '13912345670' })).to.deep.equal(['张三'])
    expect(await names({ user_gender: '1', user_state: '', search_type: '2' })).to.include('张三丰')
    const empty = { user_nickname: '', user_account: '', user_mobile: '', tag_ids: '', user_level_id: '' }
    expect(await names(empty)).to.have.length(4)
  })

  it('finds users with any of some tags', async () => {
    const group = await addGroup(gateway, 'A')
    const [one, two] = [
      await addTag(gateway, { tag_title: 'one', tag_group_id: group }),
      await addTag(gateway, { tag_title: 'two', tag_group_id: group }),
    ]
    const tagged = gateway.db('account_user_info')
    await tagged
      .clone()
      .where({ user_nickname: '张三' })
      .update({ tag_ids: `${one},${two}` })
    await tagged
      .clone()
      .where({ user_nickname: '李四' })
      .update({ tag_ids: String(two) })
    await tagged
      .clone()
      .where({ user_nickname: '张三丰' })
      .update({ tag_ids: `${two}0` })
    expect(await names({ tag_ids: String(one) })).to.deep.equal(['张三'])
    expect(await names({ tag_ids: `${one},${two}` })).to.deep.equal(['李四', '张三'])
    expect(await names({ tag_ids: '404' })).to.deep.equal([])
    expect(await names({ tag_ids: `${one},${two}`, user_nickname: '三' })).to.deep.equal(['张三'])
    expect((await listed({ user_nickname: '张三丰' }))[0]).to.include({ tag_ids: '' })
  })

  refusesOthers('GET')
})
