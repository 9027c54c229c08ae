import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { listOf } from '../administrators.js'
import { addGroup, addTag } from '../tags.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userTagBase.remove', ({ gateway, admin, post, lastEntry, refusesOthers }) => {
  it('removes a tag, which its users are no longer shown with', async () => {
    const group = await addGroup(gateway, 'A')
    const gone = await addTag(gateway, { tag_title: 'gone', tag_group_id: group })
    const kept = await addTag(gateway, { tag_title: 'kept', tag_group_id: group })
    const { uid } = await gateway.addUser()
    const user_id = String(uid)
    await gateway
      .db('account_user_info')
      .where({ user_id: uid })
      .update({ tag_ids: `${gone},${kept}` })
    expect(await post({ tag_id: String(gone) })).to.equal(done)
    expect(await post({ tag_id: String(gone) })).to.equal(failed)
    const shown = listOf(await admin.get('/manage/account/userInfo/list', { user_id })).items[0]
    expect(shown?.['tag_ids']).to.equal(String(kept))
    const data = (await admin.get('/manage/account/userInfo/getUserData', { user_id })).json?.data
    expect(data).to.include({ tag_ids: String(kept), tag_titles: 'kept', tag_group_names: 'A' })
    expect((await lastEntry())?.detail).to.equal(`tag_id ${gone}`)
  })

  refusesOthers()
})
