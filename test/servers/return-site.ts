import { once } from 'node:events'
import { createServer } from 'node:http'
import { freePort } from './processes/process.js'

/** A site that has no sign-in page of its own: it shows, in `#user`, the user whose token its fragment holds. */
export interface ReturnSite {
  /** Without a slash at its end. */
  readonly url: string
  readonly host: string
  stop(): Promise<void>
}

const page = `<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>商城</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><h1>商城</h1><p id="token"></p><p id="user"></p><script>
const fields = new URLSearchParams(location.hash.slice(location.hash.lastIndexOf('?') + 1).replace(/^#/, ''))
document.querySelector('#token').hidden = true
document.querySelector('#token').textContent = fields.get('token') ?? fields.get('ukey')
document.querySelector('#user').textContent = fields.get('user_id') ?? ''
</script></body></html>`

export async function startReturnSite(): Promise<ReturnSite> {
  const port = await freePort()
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html;charset=utf-8' }).end(page)
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
