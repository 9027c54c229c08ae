import { expect } from 'chai'
import { done } from '../../../../answers.js'
import { findSetting } from '../settings.js'
import { withConsole } from '../suite.js'

withConsole('manage.console.setting.unset', {}, ({ admin, send, entries, ...cases }) => {
  it('gives a setting its default again, and notes the value that it had', async () => {
    const before = await findSetting(admin, 'site_name')
    await admin.call('manage.console.setting.set', { key: 'site_name', value: '护照' })
    expect((await send({ key: 'site_name' })).text).to.equal(done)
    expect(await findSetting(admin, 'site_name')).to.deep.equal(before)
    expect(await entries()).to.deep.equal([
      { actor_id: admin.uid, target_id: 0, detail: 'site_name, was "护照"' },
    ])
  })

  it('says what is not set', async () => {
    for (const key of ['site_name', 'no_such'])
      expect((await send({ key })).text, key).to.include(`${key} 未设置`)
  })

  cases.namesWhatIsWrong({}, { key: undefined })
  cases.wantsProof({ key: 'site_name' })
  cases.isOfTheConsole({ key: 'site_name' })
})
