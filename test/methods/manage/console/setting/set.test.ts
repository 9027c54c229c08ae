import { expect } from 'chai'
import { done } from '../../../../answers.js'
import { findSetting } from '../settings.js'
import { withConsole } from '../suite.js'

const hostile = '"><img src=x onerror=alert(1)>'

withConsole('manage.console.setting.set', {}, ({ admin, send, entries, ...cases }) => {
  it('sets a setting, to nothing too, and notes the value that it had', async () => {
    expect(await findSetting(admin, 'site_name')).to.include({ source: 'default' })
    expect((await send({ key: 'site_name', value: hostile })).text).to.equal(done)
    expect(await findSetting(admin, 'site_name')).to.include({ source: 'set', value: hostile })
    await send({ key: 'site_name' })
    expect(await findSetting(admin, 'site_name')).to.include({ source: 'set', value: '' })
    const noted = { actor_id: admin.uid, target_id: 0 }
    expect(await entries()).to.deep.equal([
      { ...noted, detail: 'site_name, 30 characters, was not set' },
      { ...noted, detail: `site_name, 0 characters, was "${hostile}"` },
    ])
  })

  it('says what is no setting, and which value does not fit', async () => {
    expect((await send({ key: 'no_such', value: '1' })).text).to.include('没有设置项 no_such')
    const { key } = (await findSetting(admin, ({ kind }) => kind === 'number')) ?? {}
    expect((await send({ key, value: 'many' })).text).to.include('的值不合要求')
    expect((await findSetting(admin, String(key)))?.source).to.equal('default')
  })

  cases.namesWhatIsWrong({ key: 'site_name', value: '' }, { key: undefined, value: 'a'.repeat(65_536) })
  cases.wantsProof({ key: 'site_name' })
  cases.isOfTheConsole({ key: 'site_name' })
})
