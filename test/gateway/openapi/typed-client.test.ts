import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { signParameters } from '../../harness.js'
import { prepared, useFolder } from '../../suite.js'
import { projectRoot } from '../../whole/architecture/source-tree.js'
import { type DemoServer, startDemoServer } from './demo-server.js'

/** A client as somebody would write it: typed by the description, signing what it sends. */
const client = `import createClient from 'openapi-fetch'
import type { paths } from './description.js'

export async function readVip(baseUrl: string, sign: (method: string, params: Record<string, string>) => Record<string, string>) {
  const client = createClient<paths>({ baseUrl })
  client.use({
    onRequest({ request, schemaPath }) {
      if (!schemaPath.startsWith('/gateway/')) return
      const url = new URL(request.url)
      url.search = new URLSearchParams(sign(schemaPath.replace('/gateway/', ''), Object.fromEntries(url.searchParams))).toString()
      return new Request(url, request)
    },
  })
  const { data } = await client.GET('/gateway/open.passport.get', { params: { query: { uid: 5357305 } } })
  if (data?.code !== 200) throw new Error(data?.message)
  const session = await client.POST('/front/account/login/login', { body: { userAccount: 'demo12345', password: '1234567' } })
  if (session.data?.status !== 200) throw new Error(session.data?.error)
  const { data: vip } = data.data
  if (Array.isArray(vip)) throw new Error('no such user')
  const orders: number = vip.orderCount
  const user: number = session.data.data.user_id
  return [orders, user]
}

export const mistakes = (client: ReturnType<typeof createClient<paths>>) => [
  // @ts-expect-error -- uid is a number
  client.GET('/gateway/open.passport.get', { params: { query: { uid: true } } }),
  // @ts-expect-error -- uid is missing
  client.GET('/gateway/open.passport.get', { params: { query: {} } }),
  // @ts-expect-error -- there is no such method
  client.GET('/gateway/no.such.method'),
  // @ts-expect-error -- the path takes no POST
  client.POST('/front/account/user/info'),
]
`

describe('types made from the description', function () {
  this.timeout(120_000)
  const root = projectRoot()
  const folder = useFolder('openapi-types')
  const server = prepared<DemoServer>(before, startDemoServer, (running) => running.close())

  it('compile, and a client typed by them makes calls', async () => {
    const { gateway, app } = server
    const description = (await gateway.request('/openapi.json')).text
    const script = join(root, 'test/gateway/openapi/types/generate.mjs')
    const run = (file: string, args: readonly string[], input?: string) =>
      execFileSync(file, args, { cwd: folder.path, input, encoding: 'utf8', maxBuffer: 2 ** 26 })
    folder.write('description.d.ts', run(process.execPath, [script], description))
    folder.write('client.ts', client)
    folder.write('package.json', '{ "type": "module" }')
    symlinkSync(join(root, 'node_modules'), join(folder.path, 'node_modules'))
    const options = [
      '--strict',
      '--target',
      'es2023',
      '--module',
      'nodenext',
      '--skipLibCheck',
      '--types',
      'node',
    ]
    run(join(root, 'node_modules/.bin/tsc'), [...options, 'client.ts'])
    const written = (await import(pathToFileURL(join(folder.path, 'client.js')).href)) as {
      readVip(
        url: string,
        sign: (method: string, params: Record<string, string>) => unknown,
      ): Promise<unknown>
    }
    const sign = (method: string, params: Record<string, string>) =>
      signParameters(app, { method, ...params })
    expect(await written.readVip(gateway.url, sign)).to.deep.equal([10, 12345])
  })
})
