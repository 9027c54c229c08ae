import { expect } from 'chai'
import { dataOf } from '../../../../harness.js'
import { withConsole } from '../suite.js'

withConsole('manage.console.dashboard.countPasswords', {}, ({ admin, ask, isOfTheConsole }) => {
  it('begins to count once, however many ask for it at a time', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => ask()))
    expect(answers.filter(({ is_counting }) => is_counting)).to.have.length(1)
    for (;;) {
      const counted = await admin.call('manage.console.dashboard.passwords')
      if (dataOf<{ days: object[] }>(counted.json).days.length === 1) break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(await ask()).to.deep.equal({ is_counting: false })
  })

  isOfTheConsole()
})
