import { expect } from 'chai'
import type { Knex } from 'knex'
import { connect } from '../../../db/connect.js'
import { startGateway } from '../../harness.js'
import { requireProgram } from '../../servers/available.js'
import { type Mariadb, startMariadb } from '../../servers/mariadb.js'
import { makeOldShop } from '../../servers/old-shop/old-shop.js'
import { otherForms, type Variant, variants } from '../../servers/old-shop/tables.js'

const columns = [
  'table_name',
  'column_name',
  'column_type',
  'is_nullable',
  'column_default',
  'extra',
  'column_comment',
]

interface Column {
  readonly [name: string]: string | number | null
}

/** The size that a type may only grow to. */
function sizeOf(type: string): number {
  const ranks = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint']
  const rank = ranks.indexOf(type.replace(/\W.*/, ''))
  return rank >= 0 ? rank : Number(/\((\d+)\)/.exec(type)?.[1] ?? 0)
}

describe("an old shop's schema", function () {
  this.timeout(120_000)
  let mariadb: Mariadb
  before(async function () {
    requireProgram(this, 'mariadbd')
    mariadb = await startMariadb()
  })
  after(() => mariadb?.stop())

  const describeColumns = async (db: Knex): Promise<Column[]> =>
    db('information_schema.columns')
      .whereRaw('table_schema = database()')
      .orderBy(['table_name', 'ordinal_position'])
      .select(Object.fromEntries(columns.map((name) => [name, name])))

  const expectOnlyWidenings = async (variant: Variant) => {
    const url = await mariadb.createDatabase()
    const db = connect({ kind: 'mysql', url })
    try {
      const { schema } = await makeOldShop(
        db,
        [{ user_id: 10002, user_account: 'first', password: 'a' }],
        variant,
      )
      const before = await describeColumns(db)
      await (await startGateway({ url })).close()
      const after = new Map(
        (await describeColumns(db)).map((column) => [
          `${column['table_name']}.${column['column_name']}`,
          column,
        ]),
      )
      expect(Object.keys(schema)).to.have.length(44)
      for (const column of before) {
        const name = `${column['table_name']}.${column['column_name']}`
        const { column_type: type, ...rest } = after.get(name) ?? {}
        const { column_type: typeBefore, ...restBefore } = column
        expect(rest, name).to.deep.equal(restBefore)
        if (type !== typeBefore) {
          const kinds = [type, typeBefore].map((one) => String(one).replace(/\W.*/, ''))
          expect(sizeOf(String(type)), name).to.be.above(sizeOf(String(typeBefore)))
          expect(kinds[0], name).to.match(/char|int/)
        }
      }
    } finally {
      await db.destroy()
    }
  }

  for (const [name, variant] of Object.entries({ ...variants, 'in other forms': otherForms }))
    if (name !== 'with a column of an unknown type')
      it(`is only widened and added to: ${name}`, () => expectOnlyWidenings(variant))

  it('refuses to start where a column cannot be adopted, names it, and changes nothing', async () => {
    const url = await mariadb.createDatabase()
    const db = connect({ kind: 'mysql', url })
    try {
      await makeOldShop(db, [], variants['with a column of an unknown type'])
      const before = await describeColumns(db)
      const reason = await startGateway({ url }).then(
        () => 'started',
        (error: unknown) => String(error),
      )
      expect(reason).to.include('account_user_info.user_mobile: bigint(20), wanted text')
      expect(reason).to.include('account_user_login.user_reg_time: varchar(20), wanted time')
      expect(await describeColumns(db)).to.deep.equal(before)
    } finally {
      await db.destroy()
    }
  })
})
