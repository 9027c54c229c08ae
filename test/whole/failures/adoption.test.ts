import { expect } from 'chai'
import type { Knex } from 'knex'
import { connect } from '../../../db/connect.js'
import { describeTables } from '../../db/target.js'
import { requireProgram } from '../../servers/available.js'
import { type Mariadb, startMariadb } from '../../servers/mariadb.js'
import { fillShop } from '../../servers/old-shop/filled-shop.js'
import { freePort } from '../../servers/processes/process.js'
import { startGatewayProcess } from '../../servers/processes/gateway-process.js'

const users = 2000
const kills = 20
const steps = ['bound', 'claimed', 'wechat', 'addresses', 'invoices']

describe('a server that takes over a shop', function () {
  this.timeout(600_000)
  let mariadb: Mariadb
  /** What an undisturbed run makes of the shop. */
  let expected: unknown
  /** What it answered meanwhile. */
  const healths = new Set<number>()
  const seenSteps = new Set<string>()
  let milliseconds = 0

  const makeShop = async (): Promise<{ url: string; db: Knex }> => {
    const url = await mariadb.createDatabase()
    const db = connect({ kind: 'mysql', url })
    await fillShop(db, users)
    return { url, db }
  }

  before(async function () {
    requireProgram(this, 'mariadbd')
    mariadb = await startMariadb()
    const { url, db } = await makeShop()
    const begun = Date.now()
    const server = await startGatewayProcess({ url }, {}, async (url) => {
      const health = await fetch(`${url}/healthz`, { headers: { Connection: 'close' } })
      healths.add(health.status)
      const ready = await fetch(`${url}/readyz`, { headers: { Connection: 'close' } })
      const { step }: { step?: string } = JSON.parse(await ready.text())
      if (ready.status === 503 && step !== undefined) seenSteps.add(step)
      return ready.ok
    })
    milliseconds = Date.now() - begun
    await server.stop()
    expected = await readResult(db)
    await db.destroy()
  })
  after(() => mariadb?.stop())

  it('is well meanwhile and says which step it is at', () => {
    expect([...healths]).to.deep.equal([200])
    expect([...seenSteps].join('\n')).to.match(/columns and indexes of account_user_/)
  })

  it(`ends exact when it is killed ${kills} times on the way, and leaves no statement running`, async () => {
    let killed = 0
    while (killed < kills) {
      const { url, db } = await makeShop()
      while (killed < kills && !(await isAdopted(db))) {
        await killAtRandom(url, db, milliseconds)
        await noStatement(db)
        // As if the half minute had passed after which the lease of the dead one ends.
        await freeLease(db)
        killed += 1
      }
      await (await startGatewayProcess({ url })).stop()
      expect(await readResult(db)).to.deep.equal(expected)
      await noStatement(db)
      await db.destroy()
    }
  })
})

/** Kills a server at any moment from its first connection to about the end of the whole run. */
async function killAtRandom(url: string, db: Knex, milliseconds: number): Promise<void> {
  let at = Infinity
  const port = String(await freePort())
  const server = await startGatewayProcess({ url }, { PORT: port }, async () => {
    if (at === Infinity && (await othersConnections(db)) > 0)
      at = Date.now() + Math.random() * (milliseconds / 3)
    return Date.now() >= at
  })
  await server.kill()
}

async function othersConnections(db: Knex): Promise<number> {
  const rows: unknown[] = await db
    .from('information_schema.processlist')
    .whereRaw('db = database() and id <> connection_id()')
    .select('id')
  return rows.length
}

/** A statement whose client is gone ends by itself; nobody may find one five seconds later. */
async function noStatement(db: Knex): Promise<void> {
  const deadline = Date.now() + 5000
  while ((await othersConnections(db)) > 0) {
    expect(Date.now(), 'a statement is still running').to.be.below(deadline)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function isAdopted(db: Knex): Promise<boolean> {
  if (!(await db.schema.hasTable('shop_adoption'))) return false
  const done = await db('shop_adoption').whereNotNull('done_at').whereIn('step', steps).select('step')
  return done.length === steps.length
}

async function freeLease(db: Knex): Promise<void> {
  if (await db.schema.hasTable('gateway_migration_lease'))
    await db('gateway_migration_lease').update({ expires_at: 0 })
}

/** All that an adoption decides; when it was decided left out. */
async function readResult(db: Knex): Promise<unknown> {
  const menus = await db('admin_menu_base').orderBy('menu_permission').pluck('menu_permission')
  const roles = await db('admin_user_role').orderBy('user_role_id').select('user_role_name', 'menu_ids')
  return {
    tables: await describeTables(db),
    identities: await db('user_identity').orderBy(['kind', 'value']).select('kind', 'value', 'user_id'),
    conflicts: await db('identity_conflict')
      .orderBy(['kind', 'value', 'user_id'])
      .select('kind', 'value', 'user_id', 'kept_user_id'),
    sealed: await db('user_certificate').orderBy('user_id').pluck('user_id'),
    info: await db('account_user_info').orderBy('user_id').select('user_id', 'user_idcard', 'user_nickname'),
    addresses: await db('account_user_delivery_address')
      .whereRaw('ud_is_default = 1')
      .orderBy('ud_id')
      .pluck('ud_id'),
    invoices: await db('account_user_invoice')
      .where({ invoice_is_default: 1 })
      .orderBy('user_invoice_id')
      .pluck('user_invoice_id'),
    points: await db('pay_user_points_history').sum({ points: 'user_points' }).first(),
    menus,
    roles: roles.map(({ user_role_name, menu_ids }) => [user_role_name, (menu_ids ?? '').split(',').length]),
    progress: await db('shop_adoption').orderBy('step').select('step', 'position'),
  }
}
