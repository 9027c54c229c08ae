import { parseArgs } from 'node:util'
import { connectBeside } from '../processes/gateway-process.js'
import { findProgram } from '../processes/process.js'
import { type Cluster, startCluster } from './cluster.js'
import { type DatabaseForm, databaseForms } from './haproxy.js'

// A whole cluster to try, as `npm run cluster` starts it.

const help = `Usage: npm run cluster [-- --form one-writer|all-writers]

Starts on free ports of this machine, in folders of their own that are removed at the end:
  3 × MariaDB with Galera, and HAProxy before them in both forms of docs/deploy
  Redis with a replica and three Sentinels
  3 gateway nodes behind HAProxy, which asks /readyz

  --form   where the gateways' database is: behind HAProxy with one writer (the default), or with all
  --help   this text

Wants Debian's packages mariadb-server galera-4 rsync lsof haproxy redis-server redis-sentinel. Ctrl-C ends all of it.
`

const needed = [
  'mariadbd',
  '../lib/galera/libgalera_smm.so',
  'rsync',
  'haproxy',
  'redis-server',
  'redis-sentinel',
]

await main()

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { form: { type: 'string' }, help: { type: 'boolean' } } })
  if (values.help === true) return void process.stdout.write(help)
  const form = databaseForms.find((name) => name === (values.form ?? 'one-writer'))
  const missing = needed.filter((name) => findProgram(name) === undefined)
  if (form === undefined || missing.length > 0) {
    const what = form === undefined ? `no such form: ${values.form}` : `not installed: ${missing.join(', ')}`
    process.stderr.write(`${what}\n\n${help}`)
    process.exitCode = 1
    return
  }
  const begin = Date.now()
  const show = (step: string) =>
    process.stdout.write(`${((Date.now() - begin) / 1000).toFixed(1).padStart(6)} s  ${step}\n`)
  const cluster = await startCluster({ form, show, env: { NODE_ENV: 'development', LOG_LEVEL: 'warn' } })
  process.stdout.write(await describe(cluster, form))
  const ends = ['SIGINT', 'SIGTERM'] as const
  await new Promise((resolve) => ends.forEach((signal) => process.once(signal, resolve)))
  process.stdout.write('\nending …\n')
  await cluster.stop()
}

/** Addresses, and what to try. */
async function describe(cluster: Cluster, form: DatabaseForm): Promise<string> {
  const { galera, nodes, proxy, databases, redis, databaseUrls } = cluster
  const beside = await connectBeside({ url: databaseUrls[0] ?? '' })
  const app = await beside.addApp({ name: 'h5' })
  await beside.close()
  const url = `http://127.0.0.1:${proxy.port}`
  const database = new URL(databaseUrls[0] ?? '').pathname.slice(1)
  const read = `${url}/front/account/user/info?perm_key=${await signIn(url)}`
  const [, firstNode] = nodes
  const [writer, other] = galera.nodes
  return `
The service      ${url}        (HAProxy; the application h5 has the secret ${app.secret})
Gateway nodes    ${nodes.map(({ url, pid }) => `${url} (pid ${pid})`).join('\n                 ')}
Databases        ${galera.nodes.map(({ name, port, pid }) => `${name}: mariadb -h 127.0.0.1 -P ${port} -u root ${database} (pid ${pid})`).join('\n                 ')}
HAProxy before   one writer at port ${databases['one-writer'].port}, all writers at ${databases['all-writers'].port}; the gateways use ${form}
Redis            ${redis.url}, Sentinels at ports ${redis.sentinels.map(({ port }) => port).join(', ')}

Try
  curl '${read}'
  while sleep 0.2; do curl -s -o /dev/null -w '%{http_code} ' '${read}'; done
and meanwhile
  kill -9 ${firstNode?.pid}            a gateway node: its calls under way are lost, others are not
  kill -9 ${writer?.pid}            the writer: the next node takes over
  kill -STOP ${other?.pid}; sleep 20; kill -CONT ${other?.pid}      a node that stands still, is left and comes back
  redis-cli -p ${new URL(redis.url).port} debug segfault      the primary of Redis: the Sentinels choose the replica
  mariadb -h 127.0.0.1 -P ${other?.port} -u root -e "SHOW STATUS LIKE 'wsrep_cluster_%'"

Ctrl-C ends all of it.
`
}

/** A token of a demo user. */
async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/front/account/login/login?user_account=demo12345&password=1234567`)
  const { data } = (await answer.json()) as { readonly data: { readonly token: string } }
  return data.token
}
