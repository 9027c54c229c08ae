import { Agent, request } from 'node:http'
import { type Contestant, startContestant } from './contestant.js'
import { contentType, envelopeHeaders } from './job.js'

/** What is asked for: a GET of a path, or a POST of a form to it. */
export interface Question {
  readonly path: string
  /** URL-encoded. */
  readonly form?: string
  /** The address it comes from, which the proxy before the server tells; absent: the machine's own. */
  readonly from?: string
}

/** A question and the very body that answers it. */
export interface Target extends Question {
  readonly body: string
}

export interface SeenAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** Asks for every target and compares the answers byte by byte. Throws at the first that differs. */
export async function checkAnswers(
  name: string,
  url: string,
  targets: readonly Target[],
  clean: (body: string) => string = (body) => body,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  try {
    await Promise.all(
      targets.map(async ({ path, body, ...target }) => {
        const answer = await ask(`${url}${path}`, agent, target)
        const problem = findProblem({ ...answer, body: clean(answer.body) }, body)
        if (problem) throw new Error(`${name} does not do the job: ${path}\n  ${problem}`)
      }),
    )
  } finally {
    agent.destroy()
  }
}

/** What a server answers before any load, for answers that only it can know. Throws for one that is no success. */
export async function learnAnswers(
  contestant: Contestant,
  questions: readonly Question[],
  clean: (body: string) => string = (body) => body,
): Promise<Target[]> {
  const server = await startContestant(contestant)
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  try {
    return await Promise.all(
      questions.map(async ({ path, form }) => {
        const { status, body } = await ask(`${server.url}${path}`, agent, { form })
        if (status !== 200 || !/"code":(200|0),"/.test(body)) throw new Error(`${path} answered ${body}`)
        return { path, body: clean(body), ...(form !== undefined && { form }) }
      }),
    )
  } finally {
    agent.destroy()
    await server.stop()
  }
}

interface How {
  readonly form?: string | undefined
  readonly from?: string | undefined
}

/** One GET, or POST of a form, its answer read whole. */
export function ask(url: string, agent: Agent, { form, from }: How = {}): Promise<SeenAnswer> {
  const headers = {
    ...(from !== undefined && { 'X-Forwarded-For': from }),
    ...(form !== undefined && { 'Content-Type': 'application/x-www-form-urlencoded' }),
  }
  const options = { agent, headers, method: form === undefined ? 'GET' : 'POST' }
  return new Promise((resolve, reject) => {
    const call = request(url, options, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts).toString('utf8'),
        }),
      )
    })
    call.on('error', reject).end(form)
  })
}

/** Frameworks write the same type in their own way: `charset=utf-8` after a space or not. */
const plainType = (type: unknown) => String(type).toLowerCase().replaceAll(' ', '')

function findProblem({ status, headers, body }: SeenAnswer, expected: string): string | undefined {
  if (status !== 200) return `status ${status}: ${body}`
  if (body !== expected) return `expected ${expected}\n  answered ${body}`
  if (plainType(headers['content-type']) !== plainType(contentType)) return String(headers['content-type'])
  for (const [name, value] of Object.entries(envelopeHeaders))
    if (headers[name.toLowerCase()] !== value) return `the header ${name} is missing`
  return undefined
}
