import { expect } from 'chai'
import type { Knex } from 'knex'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { open } from '../../db/target.js'
import { onEachEmptyDatabase } from '../../servers/databases.js'
import { projectRoot } from '../architecture/source-tree.js'
import {
  listChanged,
  listReleased,
  previousRelease,
  readReleased,
  requirePreviousRelease,
} from './previous-release.js'
import { findContractions, migrateTo, readTables } from './tables.js'

const folder = 'db/migrations'
const isMigration = (name: string) => /^\d{4}-.*\.ts$/.test(name)
const released = async () => (await listReleased(folder)).map((path) => basename(path)).filter(isMigration)

/** What a migration that takes something away says of it: `contracts: 0.1.0: table.column is gone`. */
const mark = /\bcontracts: (\d+)\.(\d+)\.(\d+): (.+)$/gm

const numberOf = (parts: readonly (string | undefined)[]) =>
  parts.reduce((sum, part) => sum * 1000 + Number(part), 0)

/** What later migrations say that an older release than the previous one was the last to need. */
function readMarks(texts: readonly string[]): string[] {
  const previous = numberOf(previousRelease.version.split('.'))
  return texts
    .flatMap((text) => [...text.matchAll(mark)])
    .filter(([, ...parts]) => numberOf(parts.slice(0, 3)) < previous)
    .map(([, , , , what = '']) => what.trim())
}

const withoutImports = (text: string) => text.replace(/^import[^;]*?from '[^']+'$/gm, '')

describe('migrations', () => {
  it('of the previous release are as they were', async function () {
    await requirePreviousRelease(this)
    expect((await released()).length).to.be.at.least(29)
    const changed = (await listChanged(folder)).filter((path) => isMigration(basename(path)))
    for (const path of changed) {
      const now = readFileSync(join(projectRoot(), path), 'utf8')
      expect(withoutImports(now), path).to.equal(withoutImports((await readReleased(path)) ?? ''))
    }
  })

  it('that contract say so of a release older than the previous one', () => {
    const texts = ['// contracts: 0.0.9: a.b is gone', '// contracts: 0.1.0: a.c is gone']
    expect(readMarks(texts)).to.deep.equal(['a.b is gone'])
  })
})

onEachEmptyDatabase('the tables of this version', function (database) {
  this.timeout(60_000)
  let db: Knex
  before(async function () {
    await requirePreviousRelease(this)
    db = open(database)
    await migrateTo(
      db,
      (await released()).map((name) => name.replace('.ts', '')),
    )
  })
  after(() => db?.destroy())

  it('still serve the previous release, whose nodes run beside it in an upgrade', async () => {
    const before = await readTables(db)
    await migrateTo(
      db,
      readdirSync(join(projectRoot(), folder)).map((name) => name.replace('.ts', '')),
    )
    const names = await released()
    const later = readdirSync(join(projectRoot(), folder)).filter(
      (name) => isMigration(name) && !names.includes(name),
    )
    const marks = readMarks(later.map((name) => readFileSync(join(projectRoot(), folder, name), 'utf8')))
    const found = findContractions(before, await readTables(db))
    expect(found.filter((line) => !marks.includes(line))).to.deep.equal([])
  })

  it('would not, with any of these changes', async () => {
    const before = await readTables(db)
    await db.schema.alterTable('sent_code', (table) => {
      table.renameColumn('purpose', 'aim')
      // SQLite refuses what would want a value in every row.
      if (database.kind === 'mysql') table.string('sender', 20).notNullable()
      table.string('remark', 20).notNullable().defaultTo('')
      table.string('note', 20)
    })
    await db.schema.alterTable('usage_limit', (table) => table.unique(['resets_at']))
    await db.schema.dropTable('used_mail_token')
    const found = findContractions(before, await readTables(db))
    expect(found.filter((line) => !line.startsWith('used_mail_token'))).to.deep.equal([
      'sent_code.purpose is gone',
      ...(database.kind === 'mysql' ? ['sent_code.sender is new, and must be given'] : []),
      'usage_limit (resets_at) is unique now',
    ])
    expect(found).to.include('used_mail_token.token_id is gone')
  })
})
