import { hash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip as gzipWithCallback } from 'node:zlib'
import type {
  Answer,
  Dialect,
  HeaderList,
  Incoming,
  Outcome,
  RequestHead,
  WrittenAnswer,
} from '../dialects/dialect.js'

const gzip = promisify(gzipWithCallback)

/** What of a call its public answer depends on. */
interface PublicCall {
  readonly dialect: Dialect
  readonly head: RequestHead
  readonly incoming: Incoming | undefined
}

/** An answer in every form it may be asked for in. */
interface PublicAnswer {
  readonly answer: Answer
  readonly tag: string
  readonly zipped: Buffer
}

/**
 * Writes answers that are the same for everybody (`x-max-age`): caches may keep them, who has one already is told
 * that it still holds, and who can unpack it gets it packed. Of the same result it is made once.
 */
export function createPublicAnswers(): (
  call: PublicCall,
  outcome: Outcome & { ok: true },
) => Promise<Answer> {
  const made = new WeakMap<object, Map<string, Promise<PublicAnswer>>>()
  const find = ({ dialect, incoming }: PublicCall, outcome: Outcome & { ok: true }) => {
    const make = () => makeAnswer(dialect.write(outcome, incoming), outcome.method.maxAge ?? 0)
    const { result } = outcome
    if (typeof result !== 'object' || result === null || incoming?.callback !== undefined) return make()
    const ofResult = made.get(result) ?? new Map<string, Promise<PublicAnswer>>()
    made.set(result, ofResult)
    const known = ofResult.get(dialect.name) ?? make()
    ofResult.set(dialect.name, known)
    return known
  }
  return async (call, outcome) => choose(call.head, await find(call, outcome))
}

async function makeAnswer(answer: WrittenAnswer, maxAge: number): Promise<PublicAnswer> {
  const tag = `"${hash('sha256', answer.body, 'base64url').slice(0, 22)}"`
  const own = {
    'Cache-Control': `public, max-age=${maxAge}`,
    ETag: `W/${tag}`,
    Vary: 'Accept-Encoding, Origin',
  }
  const headers = [...withoutHeader(answer.headers, 'Cache-Control'), ...Object.entries(own).flat()]
  return { answer: { ...answer, headers }, tag, zipped: await gzip(answer.body) }
}

function choose({ headers }: RequestHead, { answer, tag, zipped }: PublicAnswer): Answer {
  if (holds(headers['if-none-match'] ?? '', tag))
    return { ...answer, status: 304, headers: withoutHeader(answer.headers, 'Content-Type'), body: '' }
  if (!takesGzip(headers['accept-encoding'] ?? '')) return answer
  return { ...answer, headers: [...answer.headers, 'Content-Encoding', 'gzip'], body: zipped }
}

/** Whether one of the tags that a caller has is this one, weak or not. */
function holds(known: string, tag: string): boolean {
  return known.split(',').some((one) => ['*', tag].includes(one.trim().replace(/^W\//, '')))
}

function takesGzip(accepted: string): boolean {
  return accepted.split(',').some((coding) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(coding))
}

function withoutHeader(headers: HeaderList, name: string): string[] {
  return headers.filter((_, at) => headers[at - (at % 2)] !== name)
}
