import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { addGroup, addTag } from '../tags.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userTagBase.editState', ({ gateway, send, post, lastEntry, refusesOthers }) => {
  it('lets a tag be chosen, or not', async () => {
    const id = await addTag(gateway, { tag_title: 'a', tag_group_id: await addGroup(gateway, 'A') })
    const edit = (tag_enable: string) => send({ tag_id: String(id), tag_enable })
    expect((await edit('false')).text).to.equal(done)
    expect((await edit('0')).text).to.equal(failed)
    expect(await gateway.db('account_user_tag_base').where({ tag_id: id }).first()).to.include({
      tag_enable: 0,
    })
    expect((await edit('true')).text).to.equal(done)
    expect(await lastEntry()).to.include({ detail: `tag_id ${id}: tag_enable` })
    expect(await post({ tag_id: '404', tag_enable: '1' })).to.equal(failed)
  })

  refusesOthers()
})
