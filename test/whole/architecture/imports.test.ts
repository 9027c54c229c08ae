import { expect } from 'chai'
import { basename, dirname } from 'node:path'
import { findCycles, findImports, readSources, type SourceFile } from './source-tree.js'

/**
 * The layers from the lowest to the highest. Each is a folder, or what stands loose in one: a file belongs to the
 * longest of these that it is below, and knows its own layer and those above it in this list.
 */
const layers = [
  // As a word of the language: who could not know it would write it again.
  'gateway/wire/defined-fields.ts',
  'config',
  'db',
  'schemas',
  'gateway/outcome',
  'gateway/wire',
  'gateway/client',
  'gateway/services',
  'gateway/contract',
  'gateway/openapi',
  'methods/rules',
  'methods/rules/limits',
  'methods/rules/uploads',
  'methods/rules/contacts',
  'methods/rules/mail',
  'methods/rules/codes',
  'methods/rules/profiles',
  'methods/rules/messages',
  'methods/rules/accounts',
  'methods/rules/wechat',
  'methods/rules/shop',
  'methods/rules/administration',
  'methods/rules/operation',
  'methods/rules/observation',
  'methods/rules/support',
  'methods/rules/console',
  'methods',
  'methods/table.ts',
  'gateway/dialects',
  'gateway/steps',
  'gateway/http',
  'gateway/pages',
  'gateway/console',
  'gateway/start',
  'gateway',
  'gateway/move',
  'gateway/cli',
  'gateway/console/app',
] as const
type Layer = (typeof layers)[number]

/** Layers that know nothing of ours but themselves. */
const roots: readonly Layer[] = ['config', 'db', 'schemas']

/** The most files a folder may hold, and who may hold more: SQL and its migrations, and what the wire names. */
const mostFiles = 16
const largeFolders = /^db(\/migrations)?$|^(test\/)?(methods|schemas)\/(web|app|open|front|manage)\b/

/** Names that explain nothing, but where the wire has them in a method's name. */
const emptyName = /^(index|utils?|helpers?|common|shared|misc|types|constants)(\.test)?\.ts$/
const namedByTheWire = /^(test\/)?methods\/(front|manage|web|open|app)\//

function layerOf(path: string): Layer {
  const holding = layers.filter((layer) => path === layer || path.startsWith(`${layer}/`))
  return holding.sort((left, right) => right.length - left.length)[0] ?? expect.fail(`${path} is in no layer`)
}

function mayImport(from: string, to: string): boolean {
  const [own, target] = [layerOf(from), layerOf(to)]
  // A method is two files: what two of them need is a rule.
  if (own === target) return own !== 'methods'
  if (target === layers[0]) return true
  return !roots.includes(own) && layers.indexOf(target) < layers.indexOf(own)
}

function crossings(sources: readonly SourceFile[]): string[] {
  return sources.flatMap(({ path, imports }) =>
    imports
      .filter(({ isOurs, target }) => isOurs && !target.endsWith('.json') && !mayImport(path, target))
      .map(({ target }) => `${path} imports ${target}`),
  )
}

describe('the architecture', () => {
  const sources = readSources(['config', 'db', 'gateway', 'methods', 'schemas'])

  it('is read from the sources, all of whose imports are found', () => {
    expect(sources.length).to.be.above(100)
    const text = `import a, { b } from './a.js'\nimport type { C } from '../c.js'\nexport * from './d.js'
import {\n  type E,\n  f,\n} from 'e'\nimport './g.js'\nconst late = await import('./h.js')\nimport type from './i.js'\n`
    const found = findImports('gateway/services/apps.ts', text).map(
      ({ target, isOurs, isTypeOnly }) => `${target} ${isOurs} ${isTypeOnly}`,
    )
    expect(found.sort()).to.deep.equal([
      'e false false',
      'gateway/c.ts true true',
      'gateway/services/a.ts true false',
      'gateway/services/d.ts true false',
      'gateway/services/g.ts true false',
      'gateway/services/h.ts true false',
      'gateway/services/i.ts true false',
    ])
    // As a check of the check: every relative specifier of every source is among the imports found.
    for (const { path, text, imports } of sources) {
      const specifiers = text.match(/'\.{1,2}\/[^']+\.(js|json|css)'/g) ?? []
      const stated = path === 'schemas/generate.ts' ? 0 : specifiers.length
      if (stated > 0) expect(imports.filter(({ isOurs }) => isOurs).length, path).to.equal(stated)
    }
  })

  it('goes one way, from a higher layer to a lower one', () => {
    expect(crossings(sources)).to.deep.equal([])
  })

  it('would notice a step in the wrong direction', () => {
    const importing = (path: string, target: string): SourceFile => ({
      path,
      text: '',
      imports: [{ target, isOurs: true, isTypeOnly: false }],
    })
    const wrong = [
      ['db/users.ts', 'config/config.ts'],
      ['gateway/services/apps/apps.ts', 'methods/rules/codes/codes.ts'],
      ['methods/rules/codes/codes.ts', 'methods/web/passport/sendcode.ts'],
      ['methods/web/passport/sendcode.ts', 'methods/web/passport/checkcode.ts'],
      ['methods/web/passport/sendcode.ts', 'gateway/http/serve.ts'],
      ['methods/rules/accounts/ways.ts', 'methods/rules/wechat/bindings.ts'],
      ['gateway/contract/compile-table.ts', 'methods/table.ts'],
      ['gateway/wire/dates.ts', 'gateway/services/clock.ts'],
      ['gateway/http/serve.ts', 'gateway/gateway.ts'],
    ] as const
    for (const [from, to] of wrong) expect(crossings([importing(from, to)])).to.have.length(1)
  })

  it('lets nobody but the table import a method', () => {
    const importers = sources.filter(({ imports }) =>
      imports.some(({ isOurs, target }) => isOurs && layerOf(target) === 'methods'),
    )
    expect(importers.map(({ path }) => path)).to.deep.equal(['methods/table.ts'])
  })

  it('lets methods and rules take types alone from the generated contracts, which load every contract there is', () => {
    const loading = sources.filter(
      ({ path, imports }) =>
        path.startsWith('methods/') &&
        imports.some(({ target, isTypeOnly }) => target === 'schemas/contracts.ts' && !isTypeOnly),
    )
    expect(loading.map(({ path }) => path)).to.deep.equal([])
  })

  it('has no circle of imports, those of types included', () => {
    const graph = new Map(
      sources.map(({ path, imports }) => [
        path,
        imports.filter(({ isOurs }) => isOurs).map(({ target }) => target),
      ]),
    )
    expect(findCycles(graph)).to.deep.equal([])
    const circle = { a: ['b', 'd'], b: ['c'], c: ['a'], d: [] }
    expect(findCycles(new Map(Object.entries(circle)))).to.deep.equal([['a', 'b', 'c']])
  })

  it('has no file whose name explains nothing', () => {
    const everywhere = [...sources, ...readSources(['test', 'bench'])].map(({ path }) => path)
    const empty = everywhere.filter((path) => emptyName.test(basename(path)) && !namedByTheWire.test(path))
    expect(empty).to.deep.equal([])
    for (const name of ['index.ts', 'utils.ts', 'util.ts', 'helpers.test.ts', 'types.ts'])
      expect(name).to.match(emptyName)
  })

  it('has folders that a reader can take in at a glance', () => {
    const everywhere = [...sources, ...readSources(['test', 'bench'])].map(({ path }) => dirname(path))
    const folders = [...new Set(everywhere)].map((folder) => ({
      folder,
      files: everywhere.filter((other) => other === folder).length,
    }))
    const large = folders.filter(({ folder, files }) => files > mostFiles && !largeFolders.test(folder))
    expect(large).to.deep.equal([])
  })

  it('reads the environment in config/env.ts and nowhere else', () => {
    const readers = sources.filter(({ text }) => /\bprocess\s*\.\s*env\b|from 'node:process'/.test(text))
    expect(readers.map(({ path }) => path)).to.deep.equal(['config/env.ts'])
  })
})
