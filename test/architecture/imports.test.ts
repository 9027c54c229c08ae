import { expect } from 'chai'
import { basename } from 'node:path'
import { findCycles, findImports, readSources, type SourceFile } from './source-tree.js'

const layers = [
  'config',
  'db',
  'schemas',
  'foundation',
  'services',
  'gateway',
  'rules',
  'table',
  'methods',
] as const
type Layer = (typeof layers)[number]

/** What methods are written with: these stand below them, the rest of the gateway above. */
const foundation = ['errors', 'format-time', 'html', 'method', 'ready', 'wire-booleans', 'wire-dates'].map(
  (name) => `gateway/${name}.ts`,
)

/** Which layers may be imported from which; one that is not named knows nothing of ours. */
const allowed: Readonly<Record<Layer, readonly Layer[]>> = {
  config: ['config'],
  db: ['db'],
  schemas: ['schemas'],
  foundation: ['foundation', 'config', 'services', 'schemas'],
  services: ['services', 'config', 'db', 'foundation'],
  gateway: ['gateway', 'config', 'db', 'schemas', 'foundation', 'services'],
  rules: ['rules', 'config', 'db', 'schemas', 'foundation', 'services'],
  table: ['methods', 'foundation'],
  methods: ['rules', 'config', 'db', 'schemas', 'foundation', 'services'],
}

/** Where the parts are put together, so these few know more than their layer: the table, and rules that serve. */
const exceptions: readonly { readonly from: RegExp; readonly to: Layer }[] = [
  { from: /^gateway\/compile-table\.ts$/, to: 'table' },
  { from: /^gateway\/services\.ts$/, to: 'rules' },
  { from: /^gateway\/shop-adoption\.ts$/, to: 'rules' },
  { from: /^gateway\/cli\//, to: 'rules' },
  { from: /^gateway\/pages\//, to: 'rules' },
]

/** Names that explain nothing, but where the wire has them in a method's name. */
const emptyName = /^(index|utils?|helpers?|common|shared|misc|types|constants)(\.test)?\.ts$/
const namedByTheWire = /^(test\/)?methods\/(front|manage|web|open|app)\//

function layerOf(path: string): Layer {
  if (foundation.includes(path)) return 'foundation'
  if (path.startsWith('gateway/services/')) return 'services'
  if (path.startsWith('methods/rules/')) return 'rules'
  if (path === 'methods/table.ts') return 'table'
  return layers.find((layer) => path.startsWith(`${layer}/`)) ?? expect.fail(`${path} is in no layer`)
}

function mayImport(from: string, to: string): boolean {
  const layer = layerOf(to)
  return (
    allowed[layerOf(from)].includes(layer) ||
    exceptions.some((exception) => exception.from.test(from) && exception.to === layer)
  )
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
    const found = findImports('gateway/services/apps/apps.ts', text).map(
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
      const specifiers = text.match(/'\.{1,2}\/[^']+\.(js|json)'/g) ?? []
      const stated = path === 'schemas/generate.ts' ? 0 : specifiers.length
      if (stated > 0) expect(imports.filter(({ isOurs }) => isOurs).length, path).to.equal(stated)
    }
  })

  it('goes one way: config, db ← gateway/services ← methods/rules ← methods', () => {
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
      ['gateway/dispatch.ts', 'methods/web/passport/sendcode.ts'],
      ['gateway/dispatch.ts', 'methods/table.ts'],
    ] as const
    for (const [from, to] of wrong) expect(crossings([importing(from, to)])).to.have.length(1)
  })

  it('lets nobody but the table import a method', () => {
    const importers = sources.filter(({ imports }) =>
      imports.some(({ isOurs, target }) => isOurs && layerOf(target) === 'methods'),
    )
    expect(importers.map(({ path }) => path)).to.deep.equal(['methods/table.ts'])
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

  it('reads the environment in config/env.ts and nowhere else', () => {
    const readers = sources.filter(({ text }) => /\bprocess\s*\.\s*env\b|from 'node:process'/.test(text))
    expect(readers.map(({ path }) => path)).to.deep.equal(['config/env.ts'])
  })
})
