import { expect } from 'chai'
import { readSources, type SourceFile } from './source-tree.js'

/** Ways around the one convention, and where each may stand. */
const detours = [
  { what: /\.transaction\(/, allowed: /^db\// },
  { what: /\{ \.\.\.[\w.]+, db \}/, allowed: /^db\/transaction\.ts$/ },
  // A rule or a handler takes services, and leaves their connection to SQL.
  { what: /from 'knex'/, allowed: /^(db|gateway)\// },
  { what: /\(db(, \w+)*\) =>/, allowed: /^(db|gateway)\// },
] as const

function findDetours(sources: readonly SourceFile[]): string[] {
  return sources.flatMap(({ path, text }) =>
    detours
      .filter(({ what, allowed }) => what.test(text) && !allowed.test(path))
      .map(({ what }) => `${path}: ${what}`),
  )
}

describe('a transaction', () => {
  it('is opened by one function, and what is in it takes the services with its connection', () => {
    expect(findDetours(readSources(['db', 'gateway', 'methods']))).to.deep.equal([])
  })

  it('would be noticed where it goes another way', () => {
    const wrong = [
      `await db.transaction((trx) => work(trx))`,
      `await settle({ ...services, db }, user)`,
      `import type { Knex } from 'knex'`,
      `before: async (db) => {`,
    ]
    for (const text of wrong)
      expect(
        findDetours([{ path: 'methods/rules/accounts/ways.ts', text, imports: [] }]),
        text,
      ).to.have.length(1)
  })
})
