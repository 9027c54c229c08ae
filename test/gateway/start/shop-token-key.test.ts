import { expect } from 'chai'
import { connect } from '../../../db/connect.js'
import { startGateway } from '../../harness.js'
import { requireProgram } from '../../servers/available.js'
import { onEachDatabase, sharedMariadb } from '../../servers/databases.js'
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
