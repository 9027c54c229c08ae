import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'

/** One import of a source file. */
export interface SourceImport {
  /** A path below the project's folder for files of ours, else the specifier of a package. */
  readonly target: string
  /** Ours, as opposed to a package or a part of Node. */
  readonly isOurs: boolean
  /** Gone after compilation. */
  readonly isTypeOnly: boolean
}

/** A TypeScript source by its path below the project's folder. */
export interface SourceFile {
  readonly path: string
  readonly text: string
  readonly imports: readonly SourceImport[]
}

/** The project's folder, whether this file runs compiled or not. */
export function projectRoot(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
}

/** All TypeScript sources below the named folders of the project. */
export function readSources(folders: readonly string[]): SourceFile[] {
  const root = projectRoot()
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules'))
      .map((name) => {
        const path = posix.join(folder, name)
        const text = readFileSync(join(root, path), 'utf8')
        return { path, text, imports: findImports(path, text) }
      }),
  )
}

/** The source of a module by the name that imports have for it. */
function sourceOf(module: string): string {
  const component = module.replace(/\.js$/, '.tsx')
  return existsSync(join(projectRoot(), component)) ? component : module.replace(/\.js$/, '.ts')
}

const clause = String.raw`(?:\{[^}]*\}|\*(?:\s+as\s+[\w$]+)?|[\w$]+(?:\s*,\s*\{[^}]*\})?)`
const statement = new RegExp(
  String.raw`^(?:import|export)\s+(type\s+(?!from\b))?${clause}\s+from\s+'([^']+)'`,
  'gm',
)
const sideEffect = /^import\s+()'([^']+)'/gm
const dynamic = /\bimport\(()'([^']+)'\)/g

/** The imports and re-exports that a source states; `path` is its own, below the project's folder. */
export function findImports(path: string, text: string): SourceImport[] {
  return [statement, sideEffect, dynamic].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, type, specifier = '']) => {
      const isOurs = specifier.startsWith('.')
      const target = isOurs ? sourceOf(posix.join(posix.dirname(path), specifier)) : specifier
      return { target, isOurs, isTypeOnly: Boolean(type) }
    }),
  )
}

/** Every group of files that import each other in a circle, each as the sorted list of its files. */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const reaches = new Map<string, ReadonlySet<string>>()
  for (const start of graph.keys()) {
    const seen = new Set<string>()
    const open = [...(graph.get(start) ?? [])]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue
      seen.add(next)
      open.push(...(graph.get(next) ?? []))
    }
    reaches.set(start, seen)
  }
  const groups = new Map<string, string[]>()
  for (const [file, reached] of reaches) {
    if (!reached.has(file)) continue
    const group = [...reached].filter((other) => reaches.get(other)?.has(file)).sort()
    groups.set(group.join(), group)
  }
  return [...groups.values()]
}
