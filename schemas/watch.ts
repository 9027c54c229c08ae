import { statSync, utimesSync, watch } from 'node:fs'
import { join } from 'node:path'
import { listUnpaired, writeGenerated } from './generate.js'

/** How long a tree has to be quiet (ms): editors and version control write several files in a row. */
const quiet = 150

/**
 * Regenerates table and types below `root` whenever a contract or a handler appears, changes or goes. A method whose
 * second file is not there yet and a contract that is no JSON change nothing; `say` is told which, in one line.
 * Returns what ends it.
 */
export function regenerateOnChange(root: string, say: (line: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined
  let isContractNew = false
  let running = Promise.resolve()
  const schedule = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const wasContract = isContractNew
      isContractNew = false
      running = running.then(() => regenerate(root, wasContract, say))
    }, quiet)
  }
  const watchers = [
    watch(join(root, 'schemas'), { recursive: true }, (_, name) => {
      if (!name?.endsWith('.json')) return
      isContractNew = true
      schedule()
    }),
    // Of handlers only the names are generated from; what is inside them is the server's to reload.
    watch(join(root, 'methods'), { recursive: true }, (event, name) => {
      if (event === 'rename' && name?.endsWith('.ts') && name !== 'table.ts') schedule()
    }),
  ]
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}

/** Regenerates once, if every method has both its files. Says in one line why not, and never throws. */
export async function regenerate(
  root: string,
  isContractNew: boolean,
  say: (line: string) => void,
): Promise<void> {
  try {
    const unpaired = listUnpaired(root)
    if (unpaired.length > 0) return say(`waiting for ${unpaired.join(', ')}`)
    const written = await writeGenerated(root)
    if (written.length > 0) return say(`wrote ${written.join(', ')}`)
    if (isContractNew) touch(join(root, 'schemas/contracts.ts'))
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
  }
}

/** Lets a server that watches its sources start anew for a contract whose types are as before. */
function touch(file: string): void {
  utimesSync(file, statSync(file).atime, new Date())
}
