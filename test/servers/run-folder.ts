import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { makePrivateFolder } from './processes/leftovers.js'

// What suites of all processes begin with and none changes, such as the tables of a new database, is made once in a run
// and copied from there.

const variable = 'TEST_RUN_FOLDER'
const made = new Map<string, Promise<string>>()
let own: string | undefined

/** The path of a file or folder that is the same for a whole run: made by `make` if it is not there yet. */
export function madeOnce(name: string, make: (path: string) => Promise<void>): Promise<string> {
  const given = join(process.env[variable] ?? '', name)
  if (process.env[variable] !== undefined && existsSync(given)) return Promise.resolve(given)
  own ??= makePrivateFolder('run')
  const path = join(own, name)
  const making = made.get(name) ?? make(path).then(() => path)
  made.set(name, making)
  return making
}

/** Gives what was made here to the processes that this one starts from now on. It is there until this one ends. */
export function handDownWhatWasMade(): void {
  if (own !== undefined) process.env[variable] = own
}
