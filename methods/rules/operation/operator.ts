import type { SignedInOrigin } from '../../../gateway/contract/method.js'

/** Whoever has the command line has the database too, so that no rank applies. */
export interface CommandLine {
  readonly action: `cli ${string}`
  readonly actor: 'cli'
  readonly session: undefined
  readonly ip: ''
}

/** Who runs the site: an administrator of the console, who is held to a rank, or the command line. */
export type Operator = SignedInOrigin | CommandLine
