import { randomBytes } from 'node:crypto'
import type { Asker } from './asker.js'
import { type Signer, gatewayCall, pathCall, signed } from './wire-call.js'
import type { WireAnswer } from './wire-answer.js'

/** Whether an answer to a call below this path says that there is no such method. */
export type AbsenceTest = (path: string, answer: WireAnswer) => boolean

/** Learns how the server answers for methods and paths that nobody has. Rejects where it does not answer. */
export async function learnAbsence(asker: Asker, signer: Signer): Promise<AbsenceTest> {
  const name = `noMethod${randomBytes(4).toString('hex')}`
  const dotted = `web.passport.${name}`
  const known = new Set([
    fingerprint(await asker.ask(gatewayCall(signed(signer, { method: dotted }))), dotted),
  ])
  // A server may answer one way for its own prefixes, and another for what is below none of them.
  for (const prefix of [
    'front/account',
    'front/account/user',
    'front/sys',
    'front/sys/config',
    'manage/account',
  ])
    for (const verb of ['GET', 'POST'] as const) {
      const path = `/${prefix}/${name}`
      known.add(fingerprint(await asker.ask(pathCall(path, { verb })), path))
    }
  return (asked, answer) => known.has(fingerprint(answer, asked))
}

/** The answer but for what it repeats of the call. */
function fingerprint({ status, text }: WireAnswer, asked: string): string {
  return `${status} ${text.replaceAll(asked, '')}`
}
