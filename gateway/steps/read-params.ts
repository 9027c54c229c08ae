import type { Passage } from './passage.js'

/** Picks, coerces and checks the declared parameters. Throws what the contract names for the first that does not fit. */
export function readParams(passage: Passage): void {
  passage.params = passage.method.contract.read(passage.incoming.params)
}
