import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startGateway, type TestGateway } from './harness.js'
import { onEachDatabase, type TestDatabase } from './servers/databases.js'
import { makePrivateFolder, removePrivateFolder } from './servers/processes/leftovers.js'

type Environment = Readonly<Record<string, string>>
/** Configuration variables of a gateway; a function where they are only known when it starts. */
type GivenEnvironment = Environment | (() => Environment | Promise<Environment>)
type SuiteBody = (this: Mocha.Suite, gateway: TestGateway, database: TestDatabase) => void
type SuiteArguments = [body: SuiteBody] | [env: GivenEnvironment, body: SuiteBody]
type Hook = (work: () => Promise<void>) => void

/**
 * Defines a suite once for each kind of database, each time with a gateway of its own on an empty one.
 * The gateway is only there inside hooks and tests.
 */
export function withGateway(title: string, ...given: SuiteArguments): void {
  onEachDatabase(title, bodyOn(given, { begin: before, end: after }))
}

/** The same with a gateway that is started anew for each test, on the one database of the suite. */
export function withGatewayPerTest(title: string, ...given: SuiteArguments): void {
  onEachDatabase(title, bodyOn(given, { begin: beforeEach, end: afterEach }))
}

function bodyOn(given: SuiteArguments, hooks: { begin: Hook; end: Hook }) {
  const [env, body] = given.length === 1 ? [{}, given[0]] : given
  return function (this: Mocha.Suite, database: TestDatabase): void {
    body.call(this, useGateway(database, env, hooks), database)
  }
}

/** Gives the suite it is called in a gateway, started and closed at this place among the suite's hooks. */
export function useGateway(
  database: { readonly url: string },
  env: GivenEnvironment = {},
  { begin, end }: { begin: Hook; end: Hook } = { begin: before, end: after },
): TestGateway {
  let gateway: TestGateway | undefined
  begin(async () => {
    gateway = await startGateway(database, typeof env === 'function' ? await env() : env)
  })
  end(async () => gateway?.close())
  return fieldsOf(() => gateway)
}

/**
 * What a hook makes for the tests after it, as in `prepared(before, () => gateway.addUser())`. `end` is called with
 * it after the suite.
 */
export function prepared<Made extends object>(
  hook: Hook,
  make: () => Promise<Made>,
  end?: (made: Made) => Promise<void>,
): Made {
  let made: Made | undefined
  hook(async () => {
    made = await make()
  })
  if (end) after(async () => made && end(made))
  return fieldsOf(() => made)
}

/** A folder of the suite's own, which is removed after it. */
export interface SuiteFolder {
  readonly path: string
  /** Writes a file and returns its path. */
  readonly write: (name: string, content: string | Buffer) => string
}

export function useFolder(name: string): SuiteFolder {
  const make = () => {
    const path = makePrivateFolder(name)
    const write: SuiteFolder['write'] = (name, content) => {
      writeFileSync(join(path, name), content)
      return join(path, name)
    }
    return Promise.resolve({ path, write })
  }
  return prepared(before, make, ({ path }) => removePrivateFolder(path))
}

/** Reads and writes every field on what there is at that moment. */
function fieldsOf<Whole extends object>(current: () => Whole | undefined): Whole {
  const whole = (field: string | symbol): Whole => {
    const found = current()
    if (found === undefined) throw new Error(`${String(field)} is only there inside hooks and tests`)
    return found
  }
  return new Proxy({} as Whole, {
    get: (_, field): unknown => Reflect.get(whole(field), field),
    set: (_, field, value) => Reflect.set(whole(field), field, value),
    // What spreading the whole reads.
    ownKeys: () => Reflect.ownKeys(whole('a list of its fields')),
    getOwnPropertyDescriptor: (_, field) => Reflect.getOwnPropertyDescriptor(whole(field), field),
  })
}
