import { expect } from 'chai'
import type { HttpAnswer } from '../../fetch-answer.js'
import type { TestGateway } from '../../harness.js'
import { listOf } from '../../methods/manage/account/administrators.js'
import { toCamel, toSnake } from '../../wire/account-document.js'
import { askFor, askForNothing, type Filter, filtersOf, type SentFilter, spellMoment } from './filters.js'
import { type TestedList, testedLists } from './lists.js'
import { findDisorder, type ListedRow, type Order, type Question, select } from './reference.js'
import { seedRows } from './rows.js'
import { dayOne, hour, seedUsers } from './users.js'
import { withGateway } from '../../suite.js'

type Params = Readonly<Record<string, string>>

/** Calls under way at a time. */
const callers = 4

withGateway('every list with every filter', function (gateway) {
  this.timeout(60_000)
  before(async () => {
    await seedUsers(gateway)
    await seedRows(gateway)
  })

  for (const list of testedLists) describe(list.method, () => testList(list, () => gateway))
})

function testList(list: TestedList, gateway: () => TestGateway): void {
  let token = ''
  /** All that the caller may see, and the same in the list's own order with what is presumed. */
  let rows: readonly ListedRow[] = []
  let shown: readonly ListedRow[] = []
  const presumed = Object.entries(list.presumed ?? {})
  before(async () => {
    const { db, sessions } = gateway().services
    const caller = { userId: list.caller, generation: 0, app: 'caller', ip: '127.0.0.1' }
    await db('user_session').where({ app_name: 'caller' }).delete()
    token = await sessions.start(db, caller)
    rows = [...list.rows, ...(await ownSession())]
    shown = select(rows, { equals: presumed })
  })
  /** The session that the calls are made with, where sessions are listed. */
  async function ownSession(): Promise<ListedRow[]> {
    if (list.method !== 'manage.account.userSession.list') return []
    const { db, sessions } = gateway().services
    const { tokenId } = await sessions.verify(token)
    const [row] = await db('user_session').where({ token_id: tokenId })
    if (!row) throw new Error('a caller has a session')
    const columns = {
      session_id: tokenId,
      user_id: list.caller,
      user_account: `account${list.caller}`,
      app_name: 'caller',
      ip: '127.0.0.1',
      start_time: row.created_at,
      end_time: row.expires_at,
    }
    return [{ key: tokenId, time: row.created_at, columns }]
  }

  const ask = (params: Params): Promise<HttpAnswer> => {
    const query = new URLSearchParams({ ...params, perm_key: token }).toString()
    return gateway().request(`/${list.method.replaceAll('.', '/')}?${query}`)
  }
  const keysOf = (answer: HttpAnswer) => listOf(answer).items.map(list.keyOf)
  const rowsOf = (answer: HttpAnswer) => {
    const known = new Map(rows.map((row) => [row.key, row]))
    return keysOf(answer).map(
      (key) => known.get(key as string) ?? expect.fail(`${String(key)} is nobody's row`),
    )
  }

  /** What is wrong with the answer to a question; undefined when it is the reference's. */
  async function findProblem(params: Params, question: Question): Promise<string | undefined> {
    const answer = await ask({ size: '500', ...params })
    if (answer.json?.code !== 0) return `${JSON.stringify(params)}: ${answer.text}`
    const asked = new Set((question.equals ?? []).map(([column]) => column))
    const equals = [...presumed.filter(([column]) => !asked.has(column)), ...(question.equals ?? [])]
    const expected = select(rows, { ...question, equals }).map(({ key }) => String(key))
    const answered = keysOf(answer).map(String)
    const isRight = answered.toSorted().join() === expected.toSorted().join()
    const { records } = listOf(answer)
    if (isRight && records === expected.length) return undefined
    return `${JSON.stringify(params)}: ${answered.join()} of ${records} instead of ${expected.join()}`
  }

  async function expectAll(questions: readonly (readonly [Params, Question])[]): Promise<void> {
    const left = [...questions]
    const problems: string[] = []
    const work = async () => {
      for (let next = left.pop(); next; next = left.pop()) {
        const problem = await findProblem(...next)
        if (problem !== undefined) problems.push(problem)
      }
    }
    await Promise.all(Array.from({ length: callers }, work))
    expect(problems.slice(0, 5)).to.deep.equal([])
  }

  const filters = filtersOf(list)
  const rowAt = (at: number) => rows[(at * 7) % rows.length] ?? expect.fail('no rows')

  it('is answered whole, in its own order', async () => {
    const answer = await ask({ size: '500' })
    expect(keysOf(answer)).to.have.members(shown.map(({ key }) => key))
    expect(findDisorder(rowsOf(answer), list.order)).to.equal(undefined)
  })

  for (const filter of filters)
    it(`is filtered by ${filter.name}`, async () => {
      const asked = Array.from({ length: 12 }, (_, turn) => askFor(list, filter, rowAt(turn), turn))
      const nothing = askForNothing(list, filter)
      const empty = ['', 'null', 'undefined'].map((text) => ({ filter, text, value: undefined }))
      const isPresumed = list.presumed?.[filter.column] !== undefined
      const all = [...asked, ...(nothing ? [nothing] : []), ...(isPresumed ? [] : empty)]
      await expectAll(all.map((sent, turn) => questionOf([sent], turn)))
    })

  it('is filtered by every two of its filters', async () => {
    const pairs = filters.flatMap((one, at) => filters.slice(at + 1).map((other) => [one, other] as const))
    const askPair = ([one, other]: readonly [Filter, Filter], turn: number) => {
      const [row, another] = [rowAt(turn), rowAt(turn + 1)]
      return [
        questionOf([askFor(list, one, row, turn), askFor(list, other, row, turn)], turn),
        questionOf([askFor(list, one, row, turn), askFor(list, other, another, turn + 1)], turn + 1),
      ]
    }
    await expectAll(pairs.flatMap(askPair))
  })

  it('is bounded by its time, both ends included, in every form of a date', async () => {
    const times = [...new Set(rows.map(({ time }) => time))].toSorted((left, right) => left - right)
    const at = (share: number) =>
      Math.floor((times[Math.floor(share * (times.length - 1))] ?? 0) / 1000) * 1000
    const textOf = (time: number) => new Date(time + 8 * hour).toISOString().slice(0, 19).replace('T', ' ')
    const ends = [0, 0.5, 1].flatMap((share) => [at(share) - 1000, at(share), at(share) + 1000])
    const spell = (time: number, turn: number) => spellMoment(textOf(time), turn)
    const singles = ends.flatMap((time, turn): (readonly [Params, Question])[] => [
      [{ createTimeStart: spell(time, turn) }, { since: time }],
      [{ create_time_end: spell(time, turn + 1) }, { until: time + 999 }],
    ])
    const both = ends.flatMap((since, turn) =>
      ends.map((until): readonly [Params, Question] => [
        { create_time_start: spell(since, turn), createTimeEnd: spell(until, turn) },
        { since, until: until + 999 },
      ]),
    )
    const day = textOf(dayOne + 100 * hour).slice(0, 10)
    const dayStart = Date.parse(`${day}T00:00:00+08:00`)
    const days = [day, day.replaceAll('-', ''), day.replaceAll('-', '/')].flatMap(
      (text): (readonly [Params, Question])[] => [
        [{ createTimeStart: text }, { since: dayStart }],
        [{ createTimeEnd: text }, { until: dayStart + 24 * hour - 1 }],
        [
          { createTimeStart: text, createTimeEnd: text },
          { since: dayStart, until: dayStart + 24 * hour - 1 },
        ],
      ],
    )
    const none = ['', 'null', 'undefined', 'NaN'].map((text): readonly [Params, Question] => [
      { createTimeStart: text, createTimeEnd: text },
      {},
    ])
    await expectAll([...singles, ...both, ...days, ...none])
    for (const text of ['yesterday', '2025-02-30', '2025-01-01 24:00:00', '0x10', "' or 1=1"])
      expect((await ask({ createTimeStart: text })).json, text).to.include({ status: 250, code: 300 })
  })

  it('is sorted both ways by every column, and by two of them', async () => {
    const columns = await whitelist('sidx')
    const orders: (readonly [Params, readonly Order[]])[] = columns.flatMap((column, at) => {
      const other = columns[(at + 1) % columns.length] ?? column
      const two = { 'order[0].sidx': other, 'order[0].sort': 'asc' }
      return [
        [{ sidx: column, sort: 'asc' }, [{ column, descending: false }]],
        [{ sidx: toCamel(column), sort: 'DESC' }, [{ column, descending: true }]],
        [{ sidx: column }, [{ column, descending: true }]],
        [{ sidx: column, sort: '1; drop' }, [{ column, descending: true }]],
        [{ 'order[3].sidx': column, 'order[3].sort': 'ASC' }, [{ column, descending: false }]],
        [
          { sidx: column, sort: 'desc', ...two },
          [
            { column, descending: true },
            { column: other, descending: false },
          ],
        ],
        [
          { 'order[1].sidx': column, ...two },
          [
            { column: other, descending: false },
            { column, descending: true },
          ],
        ],
      ]
    })
    for (const [params, order] of orders) {
      const answer = await ask({ size: '500', ...params })
      expect(keysOf(answer), JSON.stringify(params)).to.have.members(shown.map(({ key }) => key))
      expect(findDisorder(rowsOf(answer), order), JSON.stringify(params)).to.equal(undefined)
      if (order.length > 1) continue
      const paged = await readAll({ size: '25', ...params })
      expect(paged, `${JSON.stringify(params)}, 25 a page`).to.deep.equal(keysOf(answer))
    }
  })

  it('is searched by a part of every text, and by two', async () => {
    const columns = await whitelist('like[0].column')
    const parts = [
      'e',
      'RED',
      '0',
      '%',
      '_',
      '|',
      '\\',
      '100% a',
      'a_b',
      'a%b',
      '深圳',
      "'",
      '市',
      'nothing has this',
    ]
    const one = columns.flatMap((column) =>
      parts.map((part): readonly [Params, Question] => [
        { 'like[0].column': column, 'like[0].like': part },
        { contains: [[column, part]] },
      ]),
    )
    const two = columns.map((column, at): readonly [Params, Question] => {
      const other = columns[(at + 1) % columns.length] ?? column
      const asked = { 'like[2].column': toCamel(column), 'like[2].like': 'e' }
      const more = { 'like[11].column': other, 'like[11].like': 'r' }
      return [
        { ...asked, ...more },
        {
          contains: [
            [column, 'e'],
            [other, 'r'],
          ],
        },
      ]
    })
    const none = columns.flatMap((column): (readonly [Params, Question])[] => [
      [{ 'like[0].column': column, 'like[0].like': '' }, {}],
      [{ 'like[0].column': '', 'like[0].like': 'e' }, {}],
      [{ 'like[x].column': 'nothing', 'like[x].like': 'e', 'like[-1].column': 'nothing' }, {}],
    ])
    await expectAll([...one, ...two, ...none])
  })

  it('is paged without a row twice or none', async () => {
    const count = shown.length
    const check = async (params: Params, { size, items }: { size: number; items: number }) => {
      const answer = listOf(await ask(params))
      expect(answer, JSON.stringify(params)).to.deep.include({
        size,
        records: count,
        total: Math.ceil(count / size),
      })
      expect(answer.items, JSON.stringify(params)).to.have.length(items)
      expect(answer.page).to.equal(Number(params['page'] || 1))
    }
    const { defaultSize } = list
    await check({}, { size: defaultSize, items: Math.min(defaultSize, count) })
    for (const size of [1, 7, count - 1, count, count + 1, 500]) {
      const last = Math.ceil(count / size)
      await check({ size: String(size), page: '1' }, { size, items: Math.min(size, count) })
      await check({ size: String(size), page: String(last) }, { size, items: count - (last - 1) * size })
      for (const page of [last + 1, 2 ** 31, 2 ** 53 - 1])
        await check({ size: String(size), page: String(page) }, { size, items: 0 })
    }
    expect(await readAll({ size: '7' })).to.have.members(shown.map(({ key }) => key))
    for (const text of ['', 'null', 'undefined', 'NaN'])
      await check({ page: '', size: text }, { size: defaultSize, items: Math.min(defaultSize, count) })
  })

  it('has no page beyond the limits', async () => {
    for (const size of ['501', '1000000', String(2 ** 53 - 1)])
      expect((await ask({ size })).json, size).to.include({ code: 300, msg: '分页数量最大500条', data: null })
    for (const text of ['0', '-1', '1.5', '0x10', 'all', '1e2', String(2 ** 53), '9'.repeat(30)])
      for (const name of ['page', 'size']) {
        const { json } = await ask({ [name]: text })
        expect(json, `${name}=${text}`).to.include({ status: 250, code: 300, error: 'PARAM_ERROR' })
        expect(json?.['msg'], text).to.include(`${name}: integer from 1`)
      }
  })

  it('tells of a column that is not its own, and nothing of others', async () => {
    const hostile = [
      '1;drop',
      'user_password',
      'userPassword',
      'constructor',
      '__proto__',
      'toString',
      '`user_id`',
      '1',
      '*',
      'user_id desc',
      'user_id--',
      'base.user_password',
      '(select 1)',
      'ud_id,ud_id',
      "'",
      '"',
      'USER_ID ',
      'sleep(5)',
      'rand()',
      '😀',
      'x'.repeat(60),
      'session_generation',
      'user_salt',
      'token_id',
      'sealed_idcard',
    ]
    for (const name of ['sidx', 'order[0].sidx', 'order[999].sidx', 'like[0].column', 'like[7].column'])
      for (const column of hostile) {
        const answer = await ask({ [name]: column, [name.replace(/column$/, 'like')]: column })
        const sent = { 'like[0].like': 'x', 'like[7].like': 'x', [name]: column }
        const { json, text } = name.startsWith('like') ? await ask(sent) : answer
        expect(json, `${name}=${column}: ${text}`).to.include({
          status: 250,
          code: 300,
          error: 'PARAM_ERROR',
        })
        expect(json?.['msg']).to.include(`${name}: `)
        if (/^\w+$/.test(column)) expect(json?.['msg']).to.include(`${name}: ${column} is none of `)
        else expect(json?.['msg']).not.to.include(column.length > 3 ? column : '😀')
      }
    expect((await ask({ sidx: 'x'.repeat(65) })).json).to.include({ code: 300, error: 'PARAM_ERROR' })
  })

  it('takes ten orders and searches, and no more', async () => {
    const [column = ''] = await whitelist('sidx')
    const orders = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`order[${at}].sidx`, column]))
    expect((await ask(orders(10))).json).to.include({ code: 0 })
    expect((await ask(orders(11))).json).to.include({ code: 300, error: 'PARAM_ERROR' })
  })

  /** The columns that a parameter may name, as a refusal tells them: none that the rows do not have. */
  async function whitelist(name: string): Promise<string[]> {
    const { json } = await ask({ [name]: 'nothing', [name.replace(/column$/, 'like')]: 'nothing' })
    const [, named = ''] = /is none of (.*)$/.exec(String(json?.['msg'])) ?? []
    const columns = named === '' ? [] : named.split(', ')
    const unknown = columns.filter((column) => rows.some((row) => row.columns[column] === undefined))
    expect(unknown, 'columns without values in rows.ts').to.deep.equal([])
    return columns
  }

  async function readAll(params: Params): Promise<unknown[]> {
    const keys: unknown[] = []
    for (let page = 1; ; page++) {
      const answer = await ask({ ...params, page: String(page) })
      keys.push(...keysOf(answer))
      if (page >= listOf(answer).total) return keys
    }
  }
}

/** Filters as they are sent, in either spelling, and what they mean together. */
function questionOf(sent: readonly SentFilter[], turn: number): readonly [Params, Question] {
  const spell = turn % 2 === 0 ? toSnake : toCamel
  return [
    Object.fromEntries(sent.map(({ filter, text }) => [spell(filter.name), text])),
    {
      equals: sent.flatMap(({ filter, value }) =>
        value === undefined ? [] : [[filter.column, value] as const],
      ),
    },
  ]
}
