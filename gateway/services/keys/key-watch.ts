import type { Knex } from 'knex'
import {
  type KeyHolderRow,
  deleteHeldKeys,
  type KeyVariable,
  listHeldKeys,
  saveHeldKeys,
  saveKeyUses,
} from '../../../db/key-holders.js'
import type { Clock } from '../clock.js'
import type { Log } from '../telemetry/log.js'
import { goneMilliseconds, nodesWithout, writingPlace } from './writing-place.js'

/** Tells the other nodes which keys this one has, and writes with none that they lack. */
export interface KeyWatch {
  /** The place in its list of the key that is written with. */
  writing(variable: KeyVariable): number
  /** How many keys, not given here, other nodes wrote with at the last look: what is written so cannot be read here. */
  notGiven(): number
  /** Tells and looks now. */
  look(): Promise<void>
  /** Does so every 20 seconds from now on. */
  start(): void
  close(): Promise<void>
}

interface Dependencies {
  readonly db: Knex
  readonly clock: Clock
  readonly log: Log
  readonly node: { readonly nodeId: string; readonly nodeName: string }
  /** Of the keys of each variable, in their order. */
  readonly fingerprints: Fingerprints
  /** Whether this is the only node that there can be. */
  readonly isAlone: boolean
}

type Fingerprints = Readonly<Record<KeyVariable, readonly string[]>>
type Places = Readonly<Record<KeyVariable, number>>

const lookMilliseconds = 20_000
const variables: readonly KeyVariable[] = ['DATA_KEY', 'JWT_SECRET', 'LOGIN_KEY']

/** Tells and looks for the first time before it returns: what is sealed and signed after it can be read everywhere. */
export async function createKeyWatch(parts: Dependencies): Promise<KeyWatch> {
  const { fingerprints } = parts
  const tell = createTeller(parts.log, fingerprints)
  let places: Places | undefined
  let notGiven = 0
  const look = async () => {
    // Said before others are looked at: of two nodes that start at once the later one sees the other.
    await announce(parts, fingerprints, places)
    const others = parts.isAlone ? [] : await listOthers(parts)
    const placeOf = (variable: KeyVariable) => writingPlace(fingerprints[variable], variable, others)
    places = {
      DATA_KEY: placeOf('DATA_KEY'),
      JWT_SECRET: placeOf('JWT_SECRET'),
      LOGIN_KEY: placeOf('LOGIN_KEY'),
    }
    await announce(parts, fingerprints, places)
    const foreign = listForeign(others, fingerprints)
    notGiven = new Set(foreign.map(({ variable, fingerprint }) => `${variable} ${fingerprint}`)).size
    tell(others, foreign)
  }
  // Whoever said something before is gone.
  if (parts.isAlone) await deleteHeldKeys(parts.db)
  await look()
  let looking = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const lookOrTell = async () => {
    await look().catch((error: unknown) =>
      parts.log.warn({ error }, 'which keys the nodes have is not known'),
    )
  }
  return {
    writing: (variable) => places?.[variable] ?? 0,
    notGiven: () => notGiven,
    look,
    start() {
      timer = setInterval(() => {
        looking = lookOrTell()
      }, lookMilliseconds).unref()
    },
    async close() {
      clearInterval(timer)
      await looking
      // The next start does it else.
      if (parts.isAlone) await deleteHeldKeys(parts.db).catch(() => undefined)
    },
  }
}

/** Those of the nodes that run, or did until a moment ago: one that is restarted may come back with the same keys. */
async function listOthers({ db, clock, node }: Dependencies): Promise<KeyHolderRow[]> {
  const rows = await listHeldKeys(db, clock.now() - goneMilliseconds)
  return rows.filter(({ node_id }) => node_id !== node.nodeId)
}

/** What other nodes write with and is not given here. */
function listForeign(others: readonly KeyHolderRow[], fingerprints: Fingerprints): KeyHolderRow[] {
  return others.filter(
    ({ variable, fingerprint, is_written }) =>
      is_written === 1 && !fingerprints[variable].includes(fingerprint),
  )
}

async function announce(
  { db, clock, node }: Dependencies,
  fingerprints: Fingerprints,
  places: Places | undefined,
): Promise<void> {
  const seen_at = clock.now()
  const rows = variables.flatMap((variable) =>
    [...new Set(fingerprints[variable])].map((fingerprint) => ({
      node_id: node.nodeId,
      node_name: node.nodeName,
      variable,
      fingerprint,
      is_written: places && fingerprint === fingerprints[variable][places[variable]] ? 1 : 0,
      seen_at,
      expires_at: seen_at + goneMilliseconds,
    })),
  )
  await saveHeldKeys(db, rows)
  const written = rows.filter(({ is_written }) => is_written === 1)
  if (written.length > 0) await saveKeyUses(db, written, seen_at)
}

/** Logs what keeps nodes from reading each other, each once. */
function createTeller(
  log: Log,
  fingerprints: Fingerprints,
): (others: readonly KeyHolderRow[], foreign: readonly KeyHolderRow[]) => void {
  const told = new Set<string>()
  const isNew = (line: object) => {
    const text = JSON.stringify(line)
    if (told.has(text)) return false
    told.add(text)
    return true
  }
  return (others, foreign) => {
    for (const variable of variables) {
      const [key = ''] = fingerprints[variable]
      const line = { detail: `${variable} ${key}`, names: nodesWithout(others, variable, key) }
      if (line.names.length > 0 && isNew(line))
        log.warn(
          line,
          'nodes lack the key that is first here: until they have it an older one is written with',
        )
    }
    for (const { variable, fingerprint: key, node_name } of foreign) {
      const line = { detail: `${variable} ${key}`, names: [node_name] }
      if (isNew(line))
        log.error(
          line,
          'another node writes with a key that is not given here: what it writes cannot be read here',
        )
    }
  }
}
