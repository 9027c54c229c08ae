import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram, freePort, startProcess } from '../../test/servers/processes/process.js'
import { pinTo, type RunningContestant } from '../contestant.js'
import { benchFolder } from '../folders.js'
import { jobSecret } from '../job.js'

/** What the old stack runs on; `php-fpm8.2` is Debian's. */
export const phpPrograms = ['php-fpm8.2', 'nginx'] as const

/** Workers of PHP, each with a connection to the database of its own; more only wait for the one core. */
const workers = 8

/**
 * Starts PHP-FPM with OPcache behind nginx, as the old stack runs: connections to clients and to the database are kept,
 * scripts are compiled once and never looked at again, nothing is logged. nginx keeps none to PHP: a worker belongs to
 * a connection that is kept, and calls on new ones would wait for it without end.
 */
export async function startPhpStack(
  folder: string,
  databaseUrl: string,
  core: number | undefined,
): Promise<RunningContestant> {
  const [fpm = '', nginx = ''] = phpPrograms.map((name) => findProgram(name) ?? name)
  const port = await freePort()
  const socket = join(folder, 'fpm.sock')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'fpm.conf'), fpmConfiguration(folder, socket))
  writeFileSync(join(folder, 'nginx.conf'), nginxConfiguration({ folder, socket, port, databaseUrl }))
  const url = `http://127.0.0.1:${port}`
  const start = (command: readonly string[], ready: () => Promise<boolean>) => {
    const [program = '', ...args] = [...pinTo(core), ...command]
    return startProcess({ command: program, args, cwd: folder }, ready)
  }
  // Its workers run as who started it, which root has to say that it means.
  const asRoot = process.getuid?.() === 0 ? ['-R'] : []
  const php = await start(
    [fpm, ...asRoot, '-F', '-n', ...phpSettings, '-y', join(folder, 'fpm.conf')],
    async () => existsSync(socket),
  )
  try {
    const front = await start(
      [nginx, '-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')],
      async () => (await fetch(`${url}/gateway`)).status === 200,
    )
    return {
      name: 'php-fpm behind nginx',
      get pids() {
        return [php.pid, ...childrenOf(php.pid), front.pid]
      },
      port,
      url,
      async stop() {
        await front.stop()
        await php.stop()
      },
    }
  } catch (error) {
    await php.stop()
    throw error
  }
}

/** No file of the system's is read but for the extensions, which Debian has as modules. */
const phpSettings = [
  'zend_extension=opcache',
  'extension=mysqlnd',
  'extension=pdo',
  'extension=pdo_mysql',
  'opcache.enable=1',
  'opcache.validate_timestamps=0',
  'opcache.jit=off',
  'expose_php=0',
  'display_errors=0',
].flatMap((setting) => ['-d', setting])

const fpmConfiguration = (folder: string, socket: string) => `[global]
pid = ${folder}/fpm.pid
error_log = ${folder}/fpm.log
log_level = warning
[www]
listen = ${socket}
listen.mode = 0666
pm = static
pm.max_children = ${workers}
`

interface Site {
  readonly folder: string
  readonly socket: string
  readonly port: number
  readonly databaseUrl: string
}

function nginxConfiguration({ folder, socket, port, databaseUrl }: Site): string {
  const { hostname, port: databasePort, pathname } = new URL(databaseUrl)
  const dsn = `mysql:host=${hostname};port=${databasePort};dbname=${pathname.slice(1)};charset=utf8mb4`
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path ${folder}/${name};`,
  )
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr crit;
events { worker_connections 1024; }
http {
${temporary.join('\n')}
  access_log off;
  keepalive_requests 1000000000;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /gateway {
      fastcgi_pass unix:${socket};
      fastcgi_param SCRIPT_FILENAME ${join(benchFolder, 'peers/php/verify-info.php')};
      fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param QUERY_STRING $query_string;
      fastcgi_param BENCH_SECRET ${jobSecret};
      fastcgi_param BENCH_DSN "${dsn}";
    }
  }
}
`
}

function childrenOf(pid: number): number[] {
  const said = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
  return said
    .split('\n')
    .map(Number)
    .filter((child) => child > 0)
}
