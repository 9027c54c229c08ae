import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import type { Socket } from 'node:net'

/**
 * Connections to upstreams. Each client has its own, and loses its connection when the upstream ends an idle one: what
 * the end of such a connection means is between those two, as without a proxy.
 */
export interface Connections {
  agentFor(client: Socket, upstream: URL): Agent
  /** The client waits for one answer more, or for one less. */
  setBusy(client: Socket, isBusy: boolean): void
}

interface Client {
  readonly agents: Map<string, Agent>
  /** Answers it waits for: several, where it sends ahead. */
  waiting: number
}

/**
 * Kept at its socket, which it leads back to: in a WeakMap such a pair outlives all collections of V8's young
 * generation, and makes each of them some ten times as long.
 */
const clientOf = Symbol('client')
type ClientSocket = Socket & { [clientOf]?: Client }

export function createConnections(): Connections {
  const find = (socket: ClientSocket): Client => {
    const known = socket[clientOf]
    if (known !== undefined) return known
    const client: Client = { agents: new Map(), waiting: 0 }
    socket[clientOf] = client
    socket.once('close', () => {
      for (const agent of client.agents.values()) agent.destroy()
    })
    return client
  }
  return {
    setBusy: (socket, isBusy) => {
      find(socket).waiting += isBusy ? 1 : -1
    },
    agentFor(socket, upstream) {
      const client = find(socket)
      const known = client.agents.get(upstream.origin)
      if (known !== undefined) return known
      const agent = openAgent(upstream, () => {
        if (client.waiting === 0) socket.destroy()
      })
      client.agents.set(upstream.origin, agent)
      return agent
    },
  }
}

function openAgent(upstream: URL, ended: () => void): Agent {
  const kind = upstream.protocol === 'https:' ? SecureAgent : Agent
  const agent = new kind({ keepAlive: true, maxSockets: 1 })
  const watched = new WeakSet<Socket>()
  agent.on('free', (socket: Socket) => {
    if (watched.has(socket)) return
    watched.add(socket)
    socket.once('close', ended)
  })
  return agent
}
