import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Where a frame was: `file:///…/main.js:12:3`. */
const place = /(file:\/\/[^\s()]+\.js):(\d+):(\d+)/

/**
 * Stacks of this process name the TypeScript they came from. A map is read when the first stack through its file is
 * asked for; `--enable-source-maps`, in whose place this stands, reads them all at every start.
 */
export function showSourcesInStacks(): void {
  if (process.sourceMapsEnabled) return
  const maps = new Map<string, SourceMap | undefined>()
  const mapOf = (url: string) => {
    if (!maps.has(url)) maps.set(url, readMap(url))
    return maps.get(url)
  }
  Error.prepareStackTrace = (error, frames) => {
    // oxlint-disable-next-line typescript/no-base-to-string -- V8 gives frames a text of their own
    const texts = frames.map((frame) => `    at ${toSource(String(frame), mapOf)}`)
    return [describe(error), ...texts].join('\n')
  }
}

function toSource(frame: string, mapOf: (url: string) => SourceMap | undefined): string {
  return frame.replace(place, (built, url: string, line: string, column: string) => {
    const source = mapOf(url)?.findOrigin(Number(line), Number(column))
    if (source === undefined || !('fileName' in source) || source.fileName === undefined) return built
    return `${fileURLToPath(new URL(source.fileName, url))}:${source.lineNumber}:${source.columnNumber}`
  })
}

/** A package that stands by itself has none. */
function readMap(url: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(fileURLToPath(`${url}.map`), 'utf8')))
  } catch {
    return undefined
  }
}

/** A stack must come of whatever was thrown, be its own text broken. */
function describe(error: Error): string {
  try {
    return String(error)
  } catch {
    return 'Error'
  }
}
