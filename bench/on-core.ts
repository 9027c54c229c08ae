import { execFileSync } from 'node:child_process'

/** Runs something whose processes stay on one core. */
export async function onCore<T>(core: number, start: () => Promise<T>): Promise<T> {
  const pin = (cores: string) => execFileSync('taskset', ['-apc', cores, String(process.pid)])
  const all = readCores()
  pin(String(core))
  try {
    return await start()
  } finally {
    pin(all)
  }
}

function readCores(): string {
  const said = execFileSync('taskset', ['-pc', String(process.pid)], { encoding: 'utf8' })
  return said.slice(said.lastIndexOf(':') + 1).trim()
}
