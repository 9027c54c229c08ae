import { expect } from 'chai'
import type { Knex } from 'knex'
import { isMysql } from '../../db/connect.js'
import { migrate } from '../../db/migrate.js'
import { dataOf } from '../harness.js'
import { onEachEmptyDatabase } from '../servers/databases.js'
import { describeTables, open } from './target.js'
import { useGateway } from '../suite.js'

/** As the old server had it: no index but the key, no default, and none of the later columns. */
async function makeOldTable(db: Knex): Promise<void> {
  await db.schema.createTable('account_user_message', (table) => {
    table.increments('message_id')
    table.integer('user_id').unsigned().notNullable()
    table.string('user_nickname', 50)
    table.integer('message_kind').notNullable()
    table.integer('user_other_id')
    table.string('user_other_nickname', 50)
    table.string('message_title', 50)
    table.string('message_content', 512)
    table.bigInteger('message_time').notNullable()
    table.integer('message_is_read').notNullable()
    table.integer('message_is_delete').notNullable()
    table.integer('message_type').notNullable()
  })
}

const unsafe = 'a & b <script>x</script><img src="/a.png" onerror="x">'

onEachEmptyDatabase('messages of an old shop', (database) => {
  // An old shop's tables are MySQL's: SQLite holds no imported ones.
  if (database.kind === 'sqlite') return
  let db: Knex
  before(async () => {
    db = open(database)
    await makeOldTable(db)
    const old = {
      user_id: 10002,
      message_kind: 2,
      message_time: 1_500_000_000_000,
      message_is_delete: 0,
      message_type: 2,
    }
    await db('account_user_message').insert([
      { ...old, message_is_read: 0, message_content: '旧', user_other_id: 10003 },
      { ...old, user_id: 10004, message_is_read: 0, message_content: unsafe, message_type: 1 },
      { ...old, message_is_read: 1 },
    ])
    await migrate(db)
  })
  const gateway = useGateway(database)
  after(() => db?.destroy())

  it('are shown, also those that hold nothing, and answered', async () => {
    const [reader, writer] = [await gateway.addUser(), await gateway.addUser()]
    expect([reader.uid, writer.uid]).to.deep.equal([10002, 10003])
    const perm_key = await reader.startSession()
    const get = async <Data extends object>(path: string, fields: Record<string, string> = {}) => {
      const query = new URLSearchParams({ ...fields, perm_key })
      return dataOf<Data>(
        (await gateway.request(`/front/account/userMessage/${path}?${query.toString()}`)).json,
      )
    }
    const { items } = await get<{ items: Record<string, unknown>[] }>('list')
    const [answered, empty] = items
    expect(answered).to.include({
      message_content: '旧',
      message_is_read: false,
      message_w: 0,
      message_cat: '',
    })
    expect(empty).to.include({
      message_content: null,
      user_nickname: null,
      user_other_id: null,
      user_avatar: '',
    })
    const { items: chat } = await get<{ items: { msg: object }[] }>('listChatMsg')
    expect(chat).to.have.length(2)
    expect(await get('getMsgCount')).to.include({ num: 1 })
    const text = '新'.repeat(1024)
    await get('add', { user_other_id: '10003', message_content: text })
    expect(await db('account_user_message').where({ user_id: 10003 }).first('message_content')).to.deep.equal(
      {
        message_content: text,
      },
    )
  })

  it('are shown without the markup that nobody took out when they were written', async () => {
    const reader = await gateway.addUser()
    const perm_key = await reader.startSession()
    const row = { user_id: reader.uid, user_other_id: 10003, message_time: Date.now() }
    await db('account_user_message').where({ message_content: unsafe }).update(row)
    const [message_id = 0] = await db('account_user_message').where(row).pluck('message_id')
    const query = `perm_key=${perm_key}&message_id=${message_id}&user_other_id=10003`
    for (const path of ['getMsgCount', 'getNotice', 'list', 'listChatMsg', 'get']) {
      const { text } = await gateway.request(`/front/account/userMessage/${path}?${query}`)
      expect(text, path).to.include('a & b ＜script>x＜/script><img src=\\"/a.png\\">')
      expect(text, path).to.not.include('<script')
    }
    const stored = await db('account_user_message').where({ message_id }).first('message_content')
    expect(stored).to.deep.equal({ message_content: unsafe })
  })

  it('have an index for each list, and none twice', async () => {
    const before = await describeTables(db)
    await db('gateway_migration').where({ name: '0010-messages' }).delete()
    await migrate(db)
    expect(await describeTables(db)).to.deep.equal(before)
    const indexed = isMysql(db)
      ? await db('information_schema.statistics')
          .whereRaw('table_schema = database()')
          .where({ table_name: 'account_user_message' })
          .whereNot('index_name', 'PRIMARY')
          .countDistinct({ n: 'index_name' })
          .first()
      : await db('sqlite_master')
          .where({ type: 'index', tbl_name: 'account_user_message' })
          .count({ n: '*' })
          .first()
    expect(Number(indexed?.['n'])).to.equal(5)
  })
})
