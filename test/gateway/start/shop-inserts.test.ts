import { expect } from 'chai'
import type { Knex } from 'knex'
import { connect } from '../../../db/connect.js'
import { startGateway } from '../../harness.js'
import { requireProgram } from '../../servers/available.js'
import { sharedMariadb } from '../../servers/databases.js'
import { makeOldShop, registerOld } from '../../servers/old-shop/old-shop.js'
import {
  type OldColumn,
  type OldSchema,
  type OldTable,
  otherForms,
  variants,
} from '../../servers/old-shop/tables.js'

const user = { user_id: 10002, user_account: 'first', password: 'abc123', mobile: '13900000001' }
const late = {
  user_id: 10003,
  user_account: 'second',
  password: 'abc124',
  mobile: '13900000002',
  bindings: { 1: '+8613900000002' },
}

/** What a statement must name: all that has no default and no number of its own. */
function requiredOf({ columns }: OldTable): Record<string, unknown> {
  const required = columns.filter(
    (column) => !column.null && column.default === undefined && column.extra !== 'auto_increment',
  )
  return Object.fromEntries(required.map((column) => [column.name, valueOf(column)]))
}

/** Everything but what the database sets by itself. */
function wholeOf({ columns }: OldTable): Record<string, unknown> {
  const own = columns.filter(({ extra }) => extra !== 'auto_increment')
  return Object.fromEntries(own.map((column) => [column.name, valueOf(column)]))
}

/** Something that fits a type, and is not its default. */
function valueOf({ name, type }: OldColumn): unknown {
  if (/^(?:timestamp|datetime)/.test(type)) return '2019-05-06 07:08:09'
  if (type.startsWith('date')) return '2019-05-06'
  if (type.startsWith('enum')) return /'([^']*)'\)$/.exec(type)?.[1]
  if (type.startsWith('bit')) return 1
  if (!/char|text/.test(type)) return name === 'user_id' ? 20_001 : 7
  return '值'.repeat(Math.min(3, Number(/\((\d+)\)/.exec(type)?.[1] ?? 3)))
}

/** Takes a shop over by a start of the server; says why not, where that is refused. */
async function adopt(url: string): Promise<string> {
  try {
    await (await startGateway({ url })).close()
    return 'adopted'
  } catch (error) {
    return String(error)
  }
}

const unknown = 'with a column of an unknown type'

for (const [title, variant] of Object.entries({ ...variants, 'in other forms': otherForms }))
  describe(`what the old server inserts into a shop ${title}`, function () {
    this.timeout(120_000)
    let schema: OldSchema
    let outcome: string
    const databases: Knex[] = []
    before(async function () {
      requireProgram(this, 'mariadbd')
      for (const isAdopted of [false, true]) {
        const url = await (await sharedMariadb()).createDatabase()
        const db = connect({ kind: 'mysql', url }, { poolSize: 1 })
        databases.push(db)
        // One moment for both, in the shop's zone.
        await db.raw("SET timestamp = 1700000000, time_zone = '+08:00'")
        const shop = await makeOldShop(db, [user], variant)
        schema = shop.schema
        if (isAdopted) outcome = await adopt(url)
        await registerOld(shop, late)
        for (const [name, table] of Object.entries(shop.schema))
          for (const row of [requiredOf(table), wholeOf(table)]) await insertFree(db, name, row)
      }
    })
    after(() => Promise.all(databases.map((db) => db.destroy())))

    /** A row that is there already under its key is what this insert would have been. */
    const insertFree = async (db: Knex, table: string, row: Record<string, unknown>) => {
      const names = Object.keys(row)
      const marks = names.map(() => '?').join(', ')
      const columns = names.map((name) => `\`${name}\``).join(', ')
      await db
        .raw(`INSERT INTO ?? (${columns}) VALUES (${marks})`, [table, ...Object.values(row)] as string[])
        .catch((error: unknown) => {
          if (!String(error).includes('Duplicate entry')) throw error
        })
    }

    it(
      title === unknown
        ? 'is looked at after an adoption that was refused'
        : 'is looked at after its adoption',
      () => {
        if (title === unknown)
          expect(outcome).to.include('account_user_info.user_mobile: bigint(20), wanted text')
        else expect(outcome).to.equal('adopted')
      },
    )

    it('is stored in all 44 tables as before', async () => {
      expect(Object.keys(schema)).to.have.length(44)
      for (const [name, table] of Object.entries(schema)) {
        const names = table.columns.map((column) => column.name)
        const [before = [], after = []] = await Promise.all(
          databases.map((db) =>
            db
              .from(name)
              .select(names)
              .orderBy(names[0] ?? ''),
          ),
        )
        expect(before, name).to.have.length.above(0)
        expect(withoutOurs(name, after), name).to.deep.equal(withoutOurs(name, before))
      }
    })
  })

/** Adoption adds roles of its own and what they include, so numbers of roles and menus move on. */
function withoutOurs(
  table: string,
  rows: readonly Record<string, unknown>[],
): readonly Record<string, unknown>[] {
  const key = { admin_user_role: 'user_role_id', admin_menu_base: 'menu_id' }[table]
  if (key === undefined) return rows
  const isOurs = (row: Record<string, unknown>) =>
    ['管理员', '控制台只读'].includes(String(row['user_role_name'])) ||
    /^\/manage\/(account|console)\//.test(String(row['menu_permission']))
  return rows.filter((row) => !isOurs(row)).map((row) => ({ ...row, [key]: 0 }))
}
