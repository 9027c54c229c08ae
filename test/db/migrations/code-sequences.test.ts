import { expect } from 'chai'
import type { Knex } from 'knex'
import { up } from '../../../db/migrations/0025-code-sequences.js'
import * as gateway from '../../../db/migrations/0002-gateway.js'
import * as codeLengths from '../../../db/migrations/0011-code-lengths.js'
import * as pendingCodes from '../../../db/migrations/0023-pending-codes.js'
import { insertCode, lockCodes } from '../../../db/sent-codes.js'
import { onEachEmptyDatabase } from '../../servers/databases.js'
import { open } from '../target.js'

onEachEmptyDatabase('the codes of the version before', (database) => {
  let db: Knex
  const address = 'sms:+8613900000001'
  const code = (code_id: string) => ({
    address,
    code_id,
    digest: 'of it',
    purpose: 'login',
    code_length: 4,
    wrong_tries: 2,
    expires_at: Date.now() + 600_000,
  })
  const idsOf = async (db: Knex) => (await lockCodes(db, address)).map(({ code_id }) => code_id)

  before(async () => {
    db = open(database)
    for (const migration of [gateway, codeLengths, pendingCodes]) await migration.up(db)
    await db.table('sent_code').insert(code('delivered'))
    await db.table('pending_code').insert([
      { ...code('second'), sequence: 2 },
      { ...code('first'), sequence: 1 },
    ])
    await up(db)
  })
  after(() => db.destroy())

  it('are kept, in their order, and a new one comes after them', async () => {
    expect(await idsOf(db)).to.deep.equal(['second', 'first', 'delivered'])
    await insertCode(db, code('new'))
    expect(await idsOf(db)).to.deep.equal(['new', 'second', 'first', 'delivered'])
  })

  it('are taken over once, however often that begins', async () => {
    await up(db)
    expect(await idsOf(db)).to.deep.equal(['new', 'second', 'first', 'delivered'])
  })

  // SQLite means one process, so one version.
  if (database.kind === 'mysql')
    it('may still be stored by a node of that version, one in the place of the other', async () => {
      for (const id of ['later', 'last'])
        await db.table('sent_code').insert(code(id)).onConflict('address').merge()
      expect(await idsOf(db)).to.deep.equal(['new', 'second', 'first', 'last'])
    })
})
