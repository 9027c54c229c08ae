import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDeployDocument } from '../deploy-documents.js'
import { makePrivateFolder, removePrivateFolder } from '../processes/leftovers.js'
import { findProgram, freePort, startProcess } from '../processes/process.js'

/** The real nginx with the configuration of docs/deploy. */
export interface ShopProxy {
  /** Without a slash at its end. */
  readonly url: string
  /** What it has logged of calls. */
  accessLog(): string
  /** What went wrong between it and its nodes, but for those that refused a connection: it asks another then. */
  lostCalls(): string[]
  stop(): Promise<void>
}

interface Backends {
  /** Ports of loopback. */
  readonly account: number
  readonly shop: number
  /** Whether it asks the account server before each call to the shop. */
  readonly checksTokens: boolean
}

/** Starts it as documented, but for addresses, TLS and where it writes. */
export async function startShopProxy({ account, shop, checksTokens }: Backends): Promise<ShopProxy> {
  const folder = makePrivateFolder('nginx')
  const port = await freePort()
  const accessLog = join(folder, 'access.log')
  const check = join(folder, 'token-check.conf')
  const site = readDeployDocument('nginx-beside-a-shop.conf', [
    ['server 127.0.0.1:8080;', `server 127.0.0.1:${account};`],
    ['server 127.0.0.1:8081;', `server 127.0.0.1:${shop};`],
    ['listen 80;', `listen 127.0.0.1:${await freePort()};`],
    ['listen 443 ssl;', `listen 127.0.0.1:${port};${checksTokens ? `\n    include ${check};` : ''}`],
    ['    ssl_certificate /etc/nginx/tls/shop.example.com.pem;\n', ''],
    ['    ssl_certificate_key /etc/nginx/tls/shop.example.com.key;\n', ''],
    ['access_log /var/log/nginx/shop.log', `access_log ${accessLog}`],
  ])
  writeFileSync(check, readDeployDocument('nginx-token-check.conf', []))
  writeFileSync(join(folder, 'site.conf'), site)
  return start(folder, port, accessLog)
}

/** A proxy before several nodes. */
export type Proxy = Pick<ShopProxy, 'url' | 'lostCalls' | 'stop'>

/** Starts that of several nodes, likewise. */
export async function startNodesProxy([first, second]: readonly number[]): Promise<Proxy> {
  const folder = makePrivateFolder('nginx')
  const port = await freePort()
  const site = readDeployDocument('nginx-nodes.conf', [
    ['server 10.0.0.11:8080', `server 127.0.0.1:${first}`],
    ['server 10.0.0.12:8080', `server 127.0.0.1:${second}`],
    ['listen 443 ssl;', `listen 127.0.0.1:${port};`],
    ['    ssl_certificate /etc/nginx/tls/passport.example.com.pem;\n', ''],
    ['    ssl_certificate_key /etc/nginx/tls/passport.example.com.key;\n', ''],
  ])
  writeFileSync(join(folder, 'site.conf'), site)
  return start(folder, port, join(folder, 'access.log'))
}

async function start(folder: string, port: number, accessLog: string): Promise<ShopProxy> {
  const command = findProgram('nginx')
  if (command === undefined) throw new Error('nginx is not installed')
  writeFileSync(join(folder, 'nginx.conf'), mainConfiguration(folder))
  try {
    const running = await startProcess(
      { command, args: ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')], cwd: folder },
      async () => (await fetch(`http://127.0.0.1:${port}/`, { headers: { Connection: 'close' } })).status > 0,
    )
    return {
      url: `http://127.0.0.1:${port}`,
      accessLog: () => readFileSync(accessLog, 'utf8'),
      lostCalls: () =>
        running
          .output()
          .split('\n')
          .filter((line) => line.includes('upstream') && !line.includes('Connection refused')),
      async stop() {
        await running.stop()
        await removePrivateFolder(folder)
      },
    }
  } catch (error) {
    await removePrivateFolder(folder)
    throw error
  }
}

/** One process in the foreground, which writes into its folder only. */
function mainConfiguration(folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${folder}/${name};`)
    .join('\n')
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr;
events { worker_connections 256; }
http {
${temporary}
  access_log off;
  include ${folder}/site.conf;
}
`
}
