import { expect } from 'chai'
import { audit } from '../../../../methods/rules/audit.js'
import { permissionDenied } from '../../../answers.js'
import { consoleSession, postConsole } from '../../../console.js'
import { dataOf } from '../../../harness.js'
import { prepared, withGateway } from '../../../suite.js'

interface Entry {
  readonly happened_at: number
  readonly action: string
  readonly detail: string
  readonly request_id: string
}

withGateway('the audit in the console', { CONSOLE: 'on' }, (gateway) => {
  const start = Date.parse('2026-11-20T10:00:00Z')
  const admin = prepared(before, () => consoleSession(gateway))
  const find = async (params: object = {}) =>
    dataOf<{ items: Entry[]; next: string }>((await admin.call('manage.console.audit.list', params)).json)
  const details = async (params: object) => (await find(params)).items.map(({ detail }) => detail)
  before(async () => {
    const { services } = gateway
    const write = (
      at: number,
      action: string,
      { ip = '2001:db8::1', requestId = '' },
      ...events: Parameters<typeof audit>[2][]
    ) => {
      gateway.clock.freeze(start + at * 1000)
      return audit(services, { action, session: undefined, ip, requestId }, ...events)
    }
    await write(1, 'test.one', { requestId: 'request-0001' }, { actorId: 7001, targetId: 7002, detail: 'a' })
    // Entries of one moment.
    const three = ['b', 'c', 'd'].map((detail) => ({ actorId: 7002, targetId: 7003, detail }))
    await write(2, 'test.two', { ip: '192.0.2.1' }, ...three)
    await write(3, 'test.two', {}, { actor: 'cli', outcome: 'wrong', targetId: 7001, detail: 'e' })
    await write(4, 'other', {}, { actor: '=HYPERLINK("x")', targetId: 7009, detail: '+1, "x"\n' })
    gateway.clock.freeze(start + 100_000)
  })

  it('is found by actor, target, action, outcome, address, request and time', async () => {
    expect(await details({ actor: '7002' })).to.deep.equal(['d', 'c', 'b'])
    expect(await details({ actor: 'cli', action: 'test.*' })).to.deep.equal(['e'])
    expect(await details({ target: 7003 })).to.deep.equal(['d', 'c', 'b'])
    expect(await details({ user: 7002, action: 'test.*' })).to.deep.equal(['d', 'c', 'b', 'a'])
    expect(await details({ action: 'test.one' })).to.deep.equal(['a'])
    expect(await details({ outcome: 'wrong' })).to.deep.equal(['e'])
    expect(await details({ ip: '192.0.2.1' })).to.deep.equal(['d', 'c', 'b'])
    expect(await details({ request_id: 'request-0001' })).to.deep.equal(['a'])
    const span = { since: start + 2000, until: start + 3000 }
    expect(await details(span)).to.deep.equal(['e', 'd', 'c', 'b'])
    expect(await details({ action: 'test.%' })).to.deep.equal([])
    expect(await details({ action: '', actor: '', ip: '', outcome: '', ...span })).to.have.length(4)
  })

  it('is read page by page without a gap, though more is written meanwhile', async () => {
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
    const wrong = await admin.call('manage.console.audit.list', { before: '1; drop' })
    expect(wrong.text).to.include('PARAM_ERROR')
  })

  it('names the request by which an entry came about', async () => {
    const made = await admin.call('manage.console.watch.start', { kind: 'app', subject: 'web' })
    const id = made.headers.get('x-request-id') ?? ''
    expect((await find({ request_id: id })).items.map(({ action }) => action)).to.deep.equal([
      'manage.console.watch.start',
    ])
  })

  it('comes as a table, in which nothing is a formula, for a proof', async () => {
    const asked = await admin.call('manage.console.audit.export', { action: 'other' })
    expect(asked.text).to.include('PROOF_NEEDED')
    await postConsole(gateway, '/proof', { password: admin.password }, { Cookie: admin.cookie })
    const { csv, rows, is_whole } = dataOf<{ csv: string; rows: number; is_whole: boolean }>(
      (await admin.call('manage.console.audit.export', { action: 'other' })).json,
    )
    expect({ rows, is_whole }).to.deep.equal({ rows: 1, is_whole: true })
    const [head, row, ...rest] = csv.split('\r\n')
    expect(head).to.equal(
      '\uFEFFaudit_id,happened_at,action,outcome,actor_id,actor,target_id,ip,request_id,detail',
    )
    expect(row?.replace(/^\d+/, '')).to.equal(
      `,2026-11-20T10:00:04.000Z,other,ok,0,"'=HYPERLINK(""x"")",7009,2001:db8::1,,"'+1, ""x""\n"`,
    )
    expect(rest).to.deep.equal([''])
  })

  it('holds who looked at whose entries, and who took them away', async () => {
    await find({ user: 7777 })
    await admin.call('manage.console.audit.export', { user: 7777 })
    const entries = await gateway.db('audit_entry').where({ target_id: 7777 }).orderBy('audit_id')
    expect(entries.map(({ action, actor_id, detail }) => [action, actor_id, detail])).to.deep.equal([
      ['manage.console.audit.list', admin.uid, ''],
      ['manage.console.audit.export', admin.uid, '1 entries'],
    ])
  })

  it('is for whom the role includes it', async () => {
    const reader = await consoleSession(gateway, { paths: ['/manage/console/audit/list'] })
    expect((await reader.call('manage.console.audit.list')).json).to.include({ code: 0 })
    expect((await reader.call('manage.console.audit.export')).text).to.equal(permissionDenied)
  })
})
