import { GatewayError } from '../../outcome/errors.js'
import { catalogue, type ErrorName } from '../../outcome/catalogue.js'
import { compareAnswers } from '../compare/compare-answers.js'
import type { Difference } from '../compare/difference.js'
import type { JsonTree } from '../traffic/json-tree.js'
import { compareShape, type Shape } from './shape.js'
import { memberAt, type WireAnswer } from './wire-answer.js'

/** What is wrong with an answer: `recorded` is what the rule wants there. */
export type Wants = (answer: WireAnswer) => readonly Difference[]

interface Around {
  readonly status?: number
  /** Headers that must be so, besides the type of the body. */
  readonly headers?: Readonly<Record<string, string>>
}

const jsonType = 'application/json;charset=UTF-8'

/** An answer that is known to the byte. */
export function exactly(text: string, { status = 200, headers = {} }: Around = {}): Wants {
  return (answer) => compareWith(answer, text, { status, headers: { 'content-type': jsonType, ...headers } })
}

function compareWith(answer: WireAnswer, text: string, around: Required<Around>): Difference[] {
  const names = Object.keys(around.headers)
  const came = Object.fromEntries(
    names.flatMap((name) => (answer.headers[name] === undefined ? [] : [[name, answer.headers[name]]])),
  )
  return compareAnswers(
    { status: around.status, headers: around.headers, body: { text } },
    { status: answer.status, headers: came, body: { text: answer.text } },
  )
}

/** An error in the gateway's envelope. */
export function passportError(name: ErrorName): Wants {
  const error = new GatewayError(name)
  const [code] = catalogue[name].passport
  const body = { code, message: error.text('passport') }
  return exactly(JSON.stringify(body), { status: error.httpStatus('passport') })
}

/** Success in the gateway's envelope with this very data. */
export function passportDone(message: string, data: unknown): Wants {
  return exactly(JSON.stringify({ code: 200, data, message }))
}

/** Success in the gateway's envelope with data of these shapes. */
export function passportData(message: string, shapes: readonly Shape[]): Wants {
  return shaped(shapes, { code: 200, data: placeholder, message }, { 'content-type': jsonType })
}

/** An error in the envelope of the account APIs; what clients don't read, `error`, may be null or a name. */
export function accountError(name: ErrorName, text?: string): Wants {
  const error = new GatewayError(name)
  const [code] = catalogue[name].account
  return (answer) => {
    const body = { status: 250, code, msg: text ?? error.text('account'), data: null, error: placeholder }
    const own = memberAt(answer.tree, 'error')
    const isName = own?.kind === 'string' && /^[A-Z][A-Z\d_]*$/.test(own.text)
    const wanted = JSON.stringify(body).replace(JSON.stringify(placeholder), isName ? own.raw : 'null')
    return compareWith(answer, wanted, {
      status: error.httpStatus('account'),
      headers: accountHeaders(answer),
    })
  }
}

/** Success in the envelope of the account APIs; the data is null where no shape is given. */
export function accountData(...shapes: readonly Shape[]): Wants {
  const envelope = {
    status: 200,
    code: 0,
    msg: '操作成功',
    data: shapes.length > 0 ? placeholder : null,
    error: null,
  }
  return (answer) => shaped(shapes, envelope, accountHeaders(answer))(answer)
}

/** The same where the data is a text, which stands in the place of the message too (account.md §5). */
export function accountMessage(...shapes: readonly Shape[]): Wants {
  const envelope = { status: 200, code: 0, msg: placeholder, data: placeholder, error: null }
  return (answer) => shaped(shapes, envelope, accountHeaders(answer))(answer)
}

/** The pages leave open how the type of a path's answer is written. */
function accountHeaders({ headers }: WireAnswer): Record<string, string> {
  const own = headers['content-type'] ?? ''
  const isJson = /^application\/json(?:\s*;\s*charset=utf-8)?$/i.test(own)
  return { 'content-type': isJson ? own : jsonType, 'cache-control': 'no-store' }
}

/** Stands for what is not known beforehand. */
const placeholder = '\u0001'

/** An envelope that is known to the byte around data of which the shape is known. */
function shaped(
  shapes: readonly Shape[],
  envelope: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>>,
): Wants {
  return (answer) => {
    const data = memberAt(answer.tree, 'data')
    const own = data === undefined ? 'null' : writeTree(data)
    const wanted = JSON.stringify(envelope).replaceAll(JSON.stringify(placeholder), () => own)
    const around = compareWith(answer, wanted, { status: 200, headers })
    if (data === undefined || around.some(({ kind }) => kind === 'code')) return around
    const found = shapes.flatMap((shape) => compareShape(shape, data, '$.data'))
    return [...around, ...withoutDoubles(found)]
  }
}

function withoutDoubles(found: readonly Difference[]): Difference[] {
  const seen = new Set<string>()
  return found.filter(({ kind, path }) => {
    const key = `${kind} ${path}`
    return !seen.has(key) && seen.add(key)
  })
}

/** JSON as the wire writes it: no blanks, no escape that is not needed; numbers as they are. */
function writeTree(tree: JsonTree): string {
  if (tree.kind === 'list') return `[${tree.items.map(writeTree).join(',')}]`
  if (tree.kind === 'object')
    return `{${tree.members.map(({ name, value }) => `${JSON.stringify(name)}:${writeTree(value)}`).join(',')}}`
  return tree.kind === 'string' ? JSON.stringify(tree.text) : tree.raw
}

/** All that several rules want. */
export function both(...wants: readonly Wants[]): Wants {
  return (answer) => wants.flatMap((want) => want(answer))
}
