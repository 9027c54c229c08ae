import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { asRoot, createDatabase, dropDatabase } from '../mariadb.js'
import { makePrivateFolder, removePrivateFolder } from '../processes/leftovers.js'
import { choosePorts, type GaleraNode, startGaleraNode } from './galera-node.js'

/** Three MariaDB servers with Galera: what one of them has committed, all have. */
export interface Galera {
  readonly nodes: readonly GaleraNode[]
  /** Makes a database, empty or of the tables that SQL makes, and gives its `mysql://` URL at the first node. */
  createDatabase(tables?: string): Promise<string>
  dropDatabase(url: string): Promise<void>
  stop(): Promise<void>
}

/** Starts them on free loopback ports, in folders of their own. `show` is told of each step. */
export async function startGalera(show: (step: string) => void = () => {}): Promise<Galera> {
  const folder = makePrivateFolder('galera')
  const nodes: GaleraNode[] = []
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.kill()))
    await removePrivateFolder(folder)
  }
  try {
    const ports = [await choosePorts(), await choosePorts(), await choosePorts()]
    const members = ports.map(({ group }) => group)
    for (const [at, own] of ports.entries()) {
      const name = `db${at + 1}`
      show(at === 0 ? `${name} makes the cluster` : `${name} joins it`)
      mkdirSync(join(folder, name))
      nodes.push(await startGaleraNode({ name, folder: join(folder, name), ports: own, members }, at === 0))
    }
    const [first] = ports
    const port = first?.sql ?? 0
    // Without a password or any right: for HAProxy, which asks each node whether it takes writes.
    await asRoot(port, (root) => root.query("CREATE USER haproxy_check@'%'"))
    return {
      nodes,
      createDatabase: (tables = '') => createDatabase(port, tables),
      dropDatabase: (url) => dropDatabase(port, url),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The same database at another port, be it of another node or of HAProxy. */
export function atPort(url: string, port: number): string {
  return Object.assign(new URL(url), { port: String(port) }).href
}
