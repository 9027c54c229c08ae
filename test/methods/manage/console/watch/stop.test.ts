import { expect } from 'chai'
import { done } from '../../../../answers.js'
import { consoleSession } from '../../../../console.js'
import { dataOf } from '../../../../harness.js'
import { withConsole } from '../suite.js'

withConsole('manage.console.watch.stop', {}, ({ gateway, admin, send, entries, ...cases }) => {
  it('ends a watch, whoever began it, once', async () => {
    const another = await consoleSession(gateway)
    const begun = await another.call('manage.console.watch.start', { kind: 'app', subject: 'web' })
    const { watch_id } = dataOf<{ watch_id: string }>(begun.json)
    expect((await send({ watch_id })).text).to.equal(done)
    const { items } = dataOf<{ items: object[] }>((await admin.call('manage.console.watch.list')).json)
    expect(items).to.deep.equal([])
    const again = await another.call('manage.console.watch.stop', { watch_id })
    expect(again.json).to.include({ error: 'PARAM_ERROR' })
    const detail = `${watch_id}: app web, ended`
    expect(await entries()).to.deep.equal([{ actor_id: admin.uid, target_id: 0, detail }])
  })

  cases.namesWhatIsWrong({}, { watch_id: undefined })
  cases.namesWhatIsWrong({}, { watch_id: '0123456789abcdef' })
  cases.isOfTheConsole({ watch_id: '0123456789abcdef' })
})
