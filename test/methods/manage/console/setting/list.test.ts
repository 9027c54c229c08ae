import { expect } from 'chai'
import { listSettings } from '../settings.js'
import { withConsole } from '../suite.js'

withConsole('manage.console.setting.list', {}, ({ admin, isOfTheConsole }) => {
  it('lists every setting with its value, where that is from, and what it means in both languages', async () => {
    const settings = await listSettings(admin)
    expect(settings).to.have.length.above(5)
    for (const { key, source, meaning, meaning_zh } of settings) {
      expect(source, key).to.equal('default')
      expect(meaning, key).to.match(/[a-z]/)
      expect(meaning_zh, key).to.match(/\p{Script=Han}/u)
    }
  })

  isOfTheConsole()
})
