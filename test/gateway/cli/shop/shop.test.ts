import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Knex } from 'knex'
import { connect } from '../../../../db/connect.js'
import { describeTables } from '../../../db/target.js'
import { startGateway } from '../../../harness.js'
import { requireProgram } from '../../../servers/available.js'
import { sharedMariadb } from '../../../servers/databases.js'
import { makeOldShop, type OldShop, registerOld } from '../../../servers/old-shop/old-shop.js'
import { type Variant, variants, withColumns } from '../../../servers/old-shop/tables.js'
import { projectRoot } from '../../../whole/architecture/source-tree.js'
import { type CliAnswer, keys, runCommand } from '../command-line.js'

const users = [
  {
    user_id: 10002,
    user_account: 'first',
    password: 'a',
    mobile: '13900000001',
    bindings: { 1: '+8613900000002' },
  },
  { user_id: 10003, user_account: 'second', password: 'b', mobile: '13900000002', email: 'a@example.com' },
  { user_id: 10004, user_account: 'third', password: 'c', mobile: '13900000001', email: 'a@example.com' },
]

describe('shop', function () {
  this.timeout(120_000)
  let url: string
  let db: Knex
  let shop: OldShop
  const make = async (variant: Variant) => {
    url = await (await sharedMariadb()).createDatabase()
    db = connect({ kind: 'mysql', url })
    shop = await makeOldShop(db, users, variant)
  }
  before(function () {
    requireProgram(this, 'mariadbd')
  })
  afterEach(() => db.destroy())

  const run = (command: string, env: Record<string, string> = {}): Promise<CliAnswer> =>
    runCommand(command.split(' '), { env: { ...keys, DATABASE_URL: url, ...env } })

  it('check says table by table what would be done, and changes nothing', async () => {
    await make(variants['without some columns'])
    await shop.insert('admin_user_admin', [{ user_id: 10002, user_role_id: 1001 }])
    const before = await describeTables(db)
    const { code, stdout, stderr } = await run('shop check')
    expect(code, stderr).to.equal(0)
    const lines = stdout.split('\n')
    expect(lines).to.include.members([
      "account_user_base: 3 columns fit, 0 are the shop's alone",
      '  would be widened: account_user_base.user_password: char(100), wanted char(255)',
      '  would be added: account_user_info.tag_ids: missing, wanted varchar(512)',
      'users: 3',
      'ids: up to 10004, the next one is 10005',
      'had by two users or more: 1 mobiles, 1 emails, 0 openids, 0 nicknames; numbers that another user has bound: 1',
      'numbers that are none, so that no code reaches them: 0',
      'conflicts: not adopted yet',
      'administrators: 10002 (系统管理员)',
      'The database can be adopted.',
    ])
    expect(stdout).to.include(
      'times: written in any of 22 zones from UTC-7 to UTC+14, as too few rows tell them apart; TIME_ZONE is Asia/Shanghai\n',
    )
    expect(await describeTables(db)).to.deep.equal(before)
  })

  it('adopt and the server need no more privileges than the documented ones', async () => {
    await make(variants['as it is'])
    const document = readFileSync(join(projectRoot(), 'docs/beside-a-shop.md'), 'utf8')
    const privileges = /with `(SELECT[A-Z, ]+)` on it/.exec(document)?.[1]
    const { pathname, host } = new URL(url)
    const name = pathname.slice(1)
    const mariadb = await sharedMariadb()
    await mariadb.run(`CREATE USER '${name}'@'%' IDENTIFIED BY 'secret'`)
    await mariadb.run(`GRANT ${privileges} ON ${name}.* TO '${name}'@'%'`)
    url = `mysql://${name}:secret@${host}${pathname}`
    const { code, stderr } = await run('shop adopt')
    expect(code, stderr).to.equal(0)
    await (await startGateway({ url })).close()
  })

  it('check names users whose number is none as it stands', async () => {
    await make(variants['as it is'])
    const stored: [mobile: string, area: string][] = [
      ['8613900000001', '+86'],
      ['12345', '86'],
      ['139 0000 0001', ''],
      ['13900000001', '+86'],
      ['+14155550100', '+1'],
      ['4155550100', '1'],
      ['', '+86'],
    ]
    await shop.insert(
      'account_user_info',
      stored.map(([user_mobile, user_intl], at) => ({ user_id: 20001 + at, user_mobile, user_intl })),
    )
    expect((await run('shop check')).stdout).to.include(
      'numbers that are none, so that no code reaches them: 3, of the users 20001, 20002, 20003\n',
    )
    await db('account_user_info').where('user_id', '>', 20003).update({ user_mobile: 'x' })
    expect((await run('shop check')).stdout).to.include(
      ': 7, of the users 20001, 20002, 20003, 20004, 20005 …\n',
    )
  })

  it('check names an id that the shop could not read, of a user or of the next one', async () => {
    await make(variants['as it is'])
    await db.raw('ALTER TABLE account_user_base AUTO_INCREMENT = 2147483648')
    const { code, stdout } = await run('shop check')
    expect(code).to.equal(1)
    expect(stdout).to.include(
      'ids: up to 10004, the next one is 2147483648; the shop does NOT read any above 2147483647\n',
    )
    await db('account_user_base').where({ user_id: 10004 }).update({ user_id: 3_000_000_000 })
    expect((await run('shop check')).stdout).to.include('ids: up to 3000000000, the next one is 3000000001;')
  })

  it('check, adopt and the server name what cannot be adopted', async () => {
    await make(variants['with a column of an unknown type'])
    const before = await describeTables(db)
    const checked = await run('shop check')
    expect(checked.code).to.equal(1)
    const column = 'account_user_info.user_mobile: bigint(20), wanted text: char, varchar'
    expect(checked.stdout).to.include(`  CANNOT be adopted: ${column}`)
    const adopted = await run('shop adopt')
    expect(adopted.code).to.equal(1)
    expect(adopted.stderr).to.include(`  ${column}`)
    const reason = await startGateway({ url }).then(
      () => 'started',
      (error: unknown) => String(error),
    )
    expect(reason).to.include(`  ${column}`)
    expect(await describeTables(db)).to.deep.equal(before)
  })

  it('check, adopt and the server refuse flags that hold neither 0 nor 1', async () => {
    await make(withColumns({ 'account_user_info.user_new': { type: 'varchar(5)', default: "'1'" } }))
    await db('account_user_info')
      .where('user_id', '<', 10004)
      .update({ user_new: db.raw("if(user_id = 10002, 'yes', 'no')") })
    const before = await describeTables(db)
    const checked = await run('shop check')
    expect(checked.code).to.equal(1)
    const column =
      "account_user_info.user_new: varchar(5) with 2 rows of 2 other values, wanted flag: '0' or '1' in every row"
    expect(checked.stdout).to.include(`  CANNOT be adopted: ${column}`)
    expect(checked.stdout).to.include('The database cannot be adopted.')
    const adopted = await run('shop adopt')
    expect([adopted.code, adopted.stdout]).to.deep.equal([1, ''])
    expect(adopted.stderr).to.include(`  ${column}`)
    const reason = await startGateway({ url }).then(
      () => 'started',
      (error: unknown) => String(error),
    )
    expect(reason).to.include(`  ${column}`)
    expect(await describeTables(db)).to.deep.equal(before)
  })

  it('check fails where TIME_ZONE does not fit the times, and for nothing that is only told', async () => {
    await make(variants['as it is'])
    const fits = await run('shop check')
    expect(fits.code, fits.stdout).to.equal(0)
    expect(fits.stdout).to.include('1 mobiles, 1 emails')
    expect(fits.stdout).to.include('administrators: none')
    const elsewhere = await run('shop check', { TIME_ZONE: 'Etc/GMT+10' })
    expect(elsewhere.stdout).to.include('TIME_ZONE is Etc/GMT+10, which does NOT fit')
    expect(elsewhere.stdout).to.include('The database can be adopted once TIME_ZONE fits its times.')
    expect(elsewhere.code).to.equal(1)
  })

  it('adopt takes over the users, and again what the shop has written since', async () => {
    await make(variants['as it is'])
    const first = await run('shop adopt')
    expect(first.code, first.stderr).to.equal(0)
    expect(first.stdout).to.include('The shop is adopted; conflicts: 3')
    expect(first.stderr).to.match(/^claimed: 3 of 3 users, \d+ a second, 0 s left$/m)
    await registerOld(shop, {
      user_id: 10005,
      user_account: 'late',
      password: 'd',
      mobile: '13900000005',
      bindings: { 1: '+8613900000005' },
    })
    expect((await run('shop adopt')).code).to.equal(0)
    const owner = await db('user_identity').where({ kind: 'mobile', value: '+8613900000005' }).first()
    expect(owner?.user_id).to.equal(10005)
    expect((await run('shop check')).stdout).to.include(
      'conflicts: 3 (see "passport-gateway user conflicts")',
    )
  })

  it('refuses a time that the database cannot show in TIME_ZONE, before anything is changed', async () => {
    await make(variants['as it is'])
    const before = await describeTables(db)
    const checked = await run('shop check', { TIME_ZONE: 'Europe/Berlin' })
    expect(checked.code).to.equal(1)
    expect(checked.stdout).to.include('TIME_ZONE is Europe/Berlin, which does NOT fit')
    const reason = await startGateway({ url }, { TIME_ZONE: 'Europe/Berlin' }).then(
      () => 'started',
      (error: unknown) => String(error),
    )
    expect(reason).to.include('load its time zone tables')
    expect(await describeTables(db)).to.deep.equal(before)
  })
})
