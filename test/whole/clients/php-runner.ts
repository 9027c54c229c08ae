import { join } from 'node:path'
import { projectRoot } from '../architecture/source-tree.js'
import { runToEnd } from '../../servers/processes/process.js'

type Value = string | number | boolean | null

/** Parameters in the order in which PHP gets them. */
export type Pairs = readonly (readonly [name: string, value: Value])[]

/** What the script in fixtures/ does with the client. */
export type PhpStep =
  | {
      readonly do: 'sign'
      readonly with: 'signLegacy' | 'signHmac' | 'legacySignedText' | 'hmacSignedText'
      readonly params: Pairs
      readonly secret: string
    }
  | { readonly do: 'dump'; readonly baseUrl: string; readonly app: string; readonly secret: string }
  | {
      readonly do: 'call'
      readonly baseUrl: string
      readonly app: string
      readonly secret: string
      readonly options: Readonly<Record<string, unknown>>
      readonly method: string
      readonly params: Pairs
      readonly verb?: string
    }

/** Data; or code and message of a PassportException; or what an InvalidArgumentException says. */
export interface PhpOutcome {
  readonly data?: unknown
  readonly code?: number
  readonly message?: string
  readonly requestId?: string
  readonly httpStatus?: number
  readonly invalid?: string
}

export const clientFile = join(projectRoot(), 'docs/clients/php/passport-client.php')
export const certificateFile = join(projectRoot(), 'test/whole/clients/fixtures/localhost.pem')

/** Runs one PHP process that takes the steps one after the other; fails when PHP complains of anything. */
export async function runPhp(php: string, steps: readonly PhpStep[]): Promise<PhpOutcome[]> {
  const script = join(projectRoot(), 'test/whole/clients/fixtures/call-passport.php')
  const task = JSON.stringify({ client: clientFile, steps })
  return JSON.parse(await runToEnd({ command: php, args: [script, task] }))
}
