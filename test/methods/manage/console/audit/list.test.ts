import { expect } from 'chai'
import { audit } from '../../../../../methods/rules/audit.js'
import { consoleSession } from '../../../../console.js'
import { span, writeEntries } from '../audit-entries.js'
import { withConsole } from '../suite.js'

interface Entry {
  readonly action: string
  readonly detail: string
}

const method = 'manage.console.audit.list'

withConsole(method, {}, ({ gateway, admin, ask, entries, ...cases }) => {
  const find = async (params: object = {}) =>
    (await ask(params)) as unknown as { items: Entry[]; next: string }
  const details = async (params: object) => (await find(params)).items.map(({ detail }) => detail)
  before(() => writeEntries(gateway))

  it('finds by actor, target, action, outcome, address, request and time', async () => {
    expect(await details({ actor: '7002' })).to.deep.equal(['d', 'c', 'b'])
    expect(await details({ actor: 'cli', action: 'test.*' })).to.deep.equal(['e'])
    expect(await details({ target: 7003 })).to.deep.equal(['d', 'c', 'b'])
    expect(await details({ user: 7002, action: 'test.*' })).to.deep.equal(['d', 'c', 'b', 'a'])
    expect(await details({ action: 'test.one' })).to.deep.equal(['a'])
    expect(await details({ outcome: 'wrong' })).to.deep.equal(['e'])
    expect(await details({ ip: '192.0.2.1' })).to.deep.equal(['d', 'c', 'b'])
    expect(await details({ request_id: 'request-0001' })).to.deep.equal(['a'])
    expect(await details(span)).to.deep.equal(['e', 'd', 'c', 'b'])
    expect(await details({ action: 'test.%' })).to.deep.equal([])
    expect(await details({ action: '', actor: '', ip: '', outcome: '', ...span })).to.have.length(4)
  })

  it('reads page by page without a gap, though more is written meanwhile', async () => {
    for (const search of [{ action: 'test.*' }, { user: 7002, action: 'test.*' }]) {
      const all = await details(search)
      const seen: string[] = []
      let before = ''
      do {
        const page = await find({ ...search, size: 2, before })
        seen.push(...page.items.map(({ detail }) => detail))
        before = page.next
        const call = { action: 'test.late', session: undefined, ip: '' }
        await audit(gateway.services, call, { actorId: 7002, detail: 'late' })
      } while (before !== '')
      expect(seen).to.deep.equal(all)
      await gateway.db('audit_entry').where({ action: 'test.late' }).delete()
    }
  })

  it('names the request by which an entry came about', async () => {
    const made = await admin.call('manage.console.watch.start', { kind: 'app', subject: 'web' })
    const id = made.headers.get('x-request-id') ?? ''
    expect(id).to.match(/^[\w.-]{8,64}$/)
    expect((await find({ request_id: id })).items.map(({ action }) => action)).to.deep.equal([
      'manage.console.watch.start',
    ])
  })

  it('holds who looked at whose entries', async () => {
    await find({ user: 7777 })
    const looks = (await entries()).filter(({ target_id }) => target_id === 7777)
    expect(looks).to.deep.equal([{ actor_id: admin.uid, target_id: 7777, detail: '' }])
  })

  it('is open to a role that includes it alone', async () => {
    const reader = await consoleSession(gateway, { paths: ['/manage/console/audit/list'] })
    expect((await reader.call(method)).json).to.include({ code: 0, status: 200 })
  })

  cases.namesWhatIsWrong({}, { before: '1; drop', size: 201, user: 'nobody', since: -1 })
  cases.isOfTheConsole()
})
