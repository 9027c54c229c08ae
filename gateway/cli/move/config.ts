import { type Command, Argument } from 'commander'
import { listMoveRoutes } from '../../../db/move-routes.js'
import { haproxyConfiguration } from '../../move/split/haproxy.js'
import { nginxConfiguration } from '../../move/split/nginx.js'
import { addExample } from '../command/options.js'
import { withDatabase } from '../command/session.js'
import { readServerUrl } from './option-values.js'

interface ConfigCommandOptions {
  readonly upstream: URL
  readonly candidate: URL
}

/** Adds `move config`: the routes as a plain proxy's own configuration, so that `move proxy` can leave. */
export function addConfigCommand(move: Command): void {
  const command = move
    .command('config')
    .description('print the routes as configuration of a plain proxy, so that "move proxy" can leave')
    .addArgument(new Argument('<kind>', 'whose').choices(['nginx', 'haproxy']))
    .requiredOption('--upstream <url>', "the old server's address", readServerUrl)
    .requiredOption('--candidate <url>', "this server's address", readServerUrl)
    .action(printConfig)
  addExample(command, 'move config nginx --upstream http://10.0.0.5 --candidate http://10.0.0.6:8080')
}

async function printConfig(
  kind: 'nginx' | 'haproxy',
  { upstream, candidate }: ConfigCommandOptions,
): Promise<void> {
  const rows = await withDatabase(({ db }) => listMoveRoutes(db))
  const write = kind === 'nginx' ? nginxConfiguration : haproxyConfiguration
  process.stdout.write(write(rows, { old: upstream, new: candidate }))
}
