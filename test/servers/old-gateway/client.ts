import { request } from 'node:http'
import { signLegacy } from '../../../gateway/wire/signature.js'

/** A call as a client of the old gateway makes it. */
export interface ClientCall {
  readonly verb: 'GET' | 'POST'
  readonly path: string
  /** Sent in the query by GET, as a form by POST. */
  readonly params: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}

export interface ClientAnswer {
  readonly status: number
  readonly headers: readonly string[]
  readonly text: string
  readonly json: { readonly code?: number; readonly status?: number; readonly data?: unknown }
}

/** A signed call of the method gateway. */
export function signedCall(
  app: { readonly name: string; readonly secret: string },
  method: string,
  params: Readonly<Record<string, string>>,
  verb: ClientCall['verb'] = 'GET',
): ClientCall {
  const all = { method, client_type: app.name, app_version: '3.8.2', v: '7', ...params }
  return { verb, path: '/gateway', params: { ...all, client_secret: signLegacy(all, app.secret) } }
}

/** Sends a call on a connection of its own. */
export function sendCall(
  base: string,
  { verb, path, params, headers = {} }: ClientCall,
): Promise<ClientAnswer> {
  const form = new URLSearchParams(params).toString()
  const isPost = verb === 'POST'
  const url = new URL(`${base}${path}${isPost ? '' : `?${form}`}`)
  const own = isPost
    ? {
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': String(Buffer.byteLength(form)),
      }
    : {}
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { method: verb, headers: { ...own, ...headers }, agent: false },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (bytes: Buffer) => chunks.push(bytes))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({
            status: response.statusCode ?? 0,
            headers: response.rawHeaders,
            text,
            json: readJson(text),
          })
        })
      },
    )
    asked.on('error', reject)
    asked.end(isPost ? form : undefined)
  })
}

function readJson(text: string): ClientAnswer['json'] {
  try {
    return JSON.parse(text.replace('\ufeff', ''))
  } catch {
    return {}
  }
}
