import { expect } from 'chai'
import { withConsole } from '../suite.js'

const env = { CODE_PER_DAY: '1000', CODE_RESERVE: '20' }

withConsole('manage.console.limit.list', env, ({ gateway, ask, isOfTheConsole }) => {
  it('shows what is used of the day and what is left, and no number in full', async () => {
    for (const mobile of ['13712345671', '13712345672'])
      await gateway.call('web.passport.sendcode', { mobile })
    const { budgets, limits, busiest } = await ask()
    const [sms, mail] = budgets as object[]
    expect(sms).to.include({ channel: 'sms', per_day: 1000, reserved: 200, used: 2, left: 998 })
    expect(mail).to.include({ channel: 'mail', used: 0, left: 1000, resets_at: 0 })
    expect(limits).to.deep.include({ name: 'CODE_PER_DAY', points: 1000, seconds: 86_400 })
    expect(JSON.stringify(busiest)).to.not.include('1371234567')
  })

  isOfTheConsole()
})
