import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, forAdministrators, lastEntry, listOf, refusalsOf } from '../administrators.js'
import { addGroup, addTag } from '../tags.js'

const path = '/manage/account/userTagBase/remove'

withGateway('manage.account.userTagBase.remove', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
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
    expect((await admin.post(path, { tag_id: String(gone) })).text).to.equal(done)
    expect((await admin.post(path, { tag_id: String(gone) })).text).to.equal(failed)
    const shown = listOf(await admin.get('/manage/account/userInfo/list', { user_id })).items[0]
    expect(shown?.['tag_ids']).to.equal(String(kept))
    const data = (await admin.get('/manage/account/userInfo/getUserData', { user_id })).json?.data
    expect(data).to.include({ tag_ids: String(kept), tag_titles: 'kept', tag_group_names: 'A' })
    expect((await lastEntry(gateway, 'manage.account.userTagBase.remove'))?.detail).to.equal(`tag_id ${gone}`)
  })

  it('is for administrators', async () => {
    expect(await refusalsOf(gateway, path)).to.deep.equal(forAdministrators)
  })
})
