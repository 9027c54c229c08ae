import { expect } from 'chai'
import { connect } from '../../../db/connect.js'
import { migrate } from '../../../db/migrate.js'
import { insertUser } from '../../../db/users.js'
import { startGateway } from '../../harness.js'
import { createAccountClient } from '../../methods/front/account/account-client.js'
import { open } from '../../db/target.js'
import { requireProgram } from '../../servers/available.js'
import { onEachDatabase, onEachEmptyDatabase, sharedMariadb } from '../../servers/databases.js'
import { makeOldShop } from '../../servers/old-shop/old-shop.js'
import { vectorKey } from '../../servers/shop/tokens.js'

const warning =
  "a shop's database is attached, and SHOP_TOKEN_KEY is not set: the rest of the shop cannot read our tokens"

/** Whether a start on this database says that the key is missing. */
async function saysSo(url: string, env: Readonly<Record<string, string>> = {}): Promise<boolean> {
  const gateway = await startGateway({ url }, env)
  await gateway.close()
  return gateway.logLines.some((line) => line.includes(JSON.stringify(warning)))
}

onEachDatabase('a start on a database of our own', (database) => {
  it('needs no key of a shop, today or when there are users', async () => {
    const gateway = await startGateway(database)
    await gateway.addUser({ mobile: '13912345678' })
    await gateway.close()
    expect(gateway.logLines.join('')).to.not.include('SHOP_TOKEN_KEY')
    expect(await saysSo(database.url)).to.equal(false)
  })
})

onEachEmptyDatabase('a first start where users were imported before', (database) => {
  it('needs no key of a shop, and takes nobody over', async () => {
    const db = open(database)
    await migrate(db)
    await insertUser(db, { userId: 7001, account: 'imported', passwordHash: '', createdAt: 0 })
    await db.destroy()
    const gateway = await startGateway(database)
    await gateway.close()
    const log = gateway.logLines.join('')
    expect(log).to.not.include(warning).and.not.include('of the shop')
  })
})

onEachDatabase('a start with the key of a shop', (database) => {
  it('is refused where the shop could not read the id of a user, and no token of such a one is made', async () => {
    const env = { SHOP_TOKEN_KEY: vectorKey }
    const gateway = await startGateway(database, env)
    const { db, sessions } = gateway.services
    const start = (userId: number) => sessions.start(db, { userId, generation: 0, app: 'web', ip: '' })
    for (const [userId, account] of [
      [2 ** 31 - 1, 'the last'],
      [2 ** 31, 'one more'],
    ] as const)
      await insertUser(db, { userId, account, passwordHash: '', createdAt: 0 })
    expect((await sessions.verify(await start(2 ** 31 - 1))).userId).to.equal(2 ** 31 - 1)
    const refused = start(2 ** 31).catch((error: unknown) => String(error))
    expect(await refused).to.include('user 2147483648 has an id that the shop cannot read')
    await gateway.close()
    const reason = startGateway(database, env).then(
      () => 'started',
      (error: unknown) => String(error),
    )
    expect(await reason).to.include('account_user_base.user_id has 2147483648')
    await (await startGateway(database)).close()
  })
})

onEachDatabase('with the key of a shop', (database) => {
  it('nobody gets an id that the shop could not read', async () => {
    const env = { SHOP_TOKEN_KEY: vectorKey }
    const gateway = await startGateway(database, env)
    const { db } = gateway.services
    const fields = { bind_type: '3', password: 'a new password' }
    const client = createAccountClient(gateway)
    const register = async (user_account: string) => {
      const picture = { verify_key: await client.drawPicture(), verify_code: 'pict' }
      return (await client.post('login/register', { ...fields, ...picture, user_account })).json
    }
    await insertUser(db, { userId: 2 ** 31 - 2, account: 'last_but_one', passwordHash: '', createdAt: 0 })
    expect(await register('the_last')).to.include({ code: 0, status: 200 })
    expect(await register('one_more')).to.include({ code: 0, status: 250, error: 'REGISTRATION_OFF' })
    expect(await db('account_user_base').where('user_id', '>=', 2 ** 31)).to.deep.equal([])
    const said = (lines: readonly string[]) =>
      lines.filter((line) => line.includes('a new user would get one')).length
    expect(said(gateway.logLines)).to.equal(1)
    await gateway.close()
    const next = await startGateway(database, env)
    expect(said(next.logLines)).to.equal(1)
    await next.close()
  })
})

describe("a start on an old shop's database", () => {
  it('says every time that the rest of the shop cannot read our tokens, unless SHOP_TOKEN_KEY is set', async function () {
    requireProgram(this, 'mariadbd')
    const mariadb = await sharedMariadb()
    const url = await mariadb.createDatabase()
    const db = connect({ kind: 'mysql', url })
    await makeOldShop(db, [{ user_id: 10002, user_account: 'first', password: 'abc123' }])
    await db.destroy()
    expect([await saysSo(url), await saysSo(url)]).to.deep.equal([true, true])
    expect(await saysSo(url, { SHOP_TOKEN_KEY: vectorKey })).to.equal(false)
    await mariadb.dropDatabase(url)
  })
})
