import { expect } from 'chai'
import { writeEntries } from '../audit-entries.js'
import { withConsole } from '../suite.js'

withConsole('manage.console.audit.export', {}, ({ gateway, admin, ask, entries, ...cases }) => {
  before(() => writeEntries(gateway))
  // The clock went back after the sign-in.
  before(() => gateway.db('console_session').update({ proved_at: gateway.clock.now() }))

  it('gives a table, in which nothing is a formula', async () => {
    const { csv, rows, is_whole } = await ask({ action: 'other' })
    expect({ rows, is_whole }).to.deep.equal({ rows: 1, is_whole: true })
    const [head, row, ...rest] = String(csv).split('\r\n')
    expect(head).to.equal(
      '\uFEFFaudit_id,happened_at,action,outcome,actor_id,actor,target_id,ip,request_id,detail',
    )
    expect(row?.replace(/^\d+/, '')).to.equal(
      `,2026-11-20T10:00:04.000Z,other,ok,0,"'=HYPERLINK(""x"")",7009,2001:db8::1,,"'+1, ""x""\n"`,
    )
    expect(rest).to.deep.equal([''])
  })

  it('is noted with whose entries were taken away, and how many', async () => {
    await ask({ user: 7009 })
    expect((await entries()).at(-1)).to.deep.equal({
      actor_id: admin.uid,
      target_id: 7009,
      detail: '1 entries',
    })
  })

  cases.namesWhatIsWrong({}, { user: 'nobody', until: -1, action: 'a'.repeat(65) })
  cases.wantsProof()
  cases.isOfTheConsole()
})
