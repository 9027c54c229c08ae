import { expect } from 'chai'
import { countPasswordKinds } from '../../../../../db/password-kinds.js'
import type { Contracts } from '../../../../../schemas/contracts.js'
import { dataOf } from '../../../../harness.js'
import { withGateway } from '../../../../suite.js'
import { askConsole } from '../console-session.js'

type Passwords = Contracts['manage.console.dashboard.passwords']['result']

withGateway('manage.console.dashboard.passwords', { CONSOLE: 'on' }, (gateway) => {
  const ask = async (who?: string): Promise<Passwords> =>
    dataOf((await askConsole(gateway, 'dashboard/passwords', {}, who)).json)
  const count = async (who?: string): Promise<object> =>
    dataOf((await askConsole(gateway, 'dashboard/countPasswords', {}, who)).json)
  const untilCounted = async (days: number, who?: string): Promise<Passwords> => {
    for (;;) {
      const answer = await ask(who)
      if (answer.days.length >= days) return answer
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  it('counts in the background, once in a quarter of an hour, and a day after the other', async () => {
    const old = await gateway.addUser()
    await gateway
      .db('account_user_base')
      .where({ user_id: old.uid })
      .update({ user_password: '0'.repeat(32), user_salt: 'salt' })
    expect(await ask()).to.deep.include({ is_old: true, days: [] })
    expect(await count()).to.deep.equal({ is_counting: true })
    expect(await count()).to.deep.equal({ is_counting: false })
    const { days, is_old } = await untilCounted(1)
    expect(is_old).to.equal(false)
    const counted = Object.fromEntries(days[0]?.forms.map(({ form, users }) => [form, users]) ?? [])
    const all = Object.fromEntries(
      (await countPasswordKinds(gateway.db)).map(({ kind, users }) => [kind, users]),
    )
    expect(counted).to.include({ 'md5+salt': 1 })
    expect(counted).to.deep.equal(all)
    gateway.clock.advance(86_400_000)
    // The session of the day before has ended.
    expect(await ask('tomorrow')).to.include({ is_old: true })
    expect(await count('tomorrow')).to.deep.equal({ is_counting: true })
    const [newest, before] = (await untilCounted(2, 'tomorrow')).days
    expect((newest?.counted_at ?? 0) - (before?.counted_at ?? 0)).to.be.at.least(86_400_000 - 60_000)
  })
})
