import { Command } from 'commander'

/** Adds a group of commands, or one without a group. */
type AddCommands = (program: Command) => void

/** What adds each group, in the order of the help. Only the group that is named is loaded: one of twenty. */
const groups: ReadonlyMap<string, () => Promise<AddCommands>> = new Map([
  ['config', async () => (await import('./config.js')).addConfigCommand],
  ['migrate', async () => (await import('./migrate.js')).addMigrateCommand],
  ['keys', async () => (await import('./keys/keys.js')).addKeysCommands],
  ['backup', async () => (await import('./backup/backup.js')).addBackupCommand],
  ['restore', async () => (await import('./backup/restore.js')).addRestoreCommand],
  ['app', async () => (await import('./apps/app.js')).addAppCommands],
  ['user', async () => (await import('./users/user.js')).addUserCommands],
  ['admin', async () => (await import('./admin.js')).addAdminCommands],
  ['role', async () => (await import('./role.js')).addRoleCommands],
  ['callers', async () => (await import('./callers.js')).addCallersCommand],
  ['audit', async () => (await import('./audit.js')).addAuditCommand],
  ['method', async () => (await import('./method.js')).addMethodCommands],
  ['ip', async () => (await import('./ip.js')).addIpCommands],
  ['setting', async () => (await import('./setting.js')).addSettingCommands],
  ['shop', async () => (await import('./shop/shop.js')).addShopCommands],
  ['sign', async () => (await import('./sign/sign.js')).addSignCommand],
  ['drill', async () => (await import('./drill/drill.js')).addDrillCommand],
  ['openapi', async () => (await import('./openapi.js')).addOpenApiCommand],
  ['move', async () => (await import('./move/move.js')).addMoveCommands],
  ['wechat', async () => (await import('./wechat.js')).addWechatCommands],
])

const description =
  'The operator\'s tool of passport-gateway. It takes the environment variables of the server: see "config".'

/**
 * The operator's command line, ready to parse these arguments: with all commands, or with only those of the group that
 * the arguments name. Parsing throws CommanderError instead of ending the process, after commander has written the
 * mistake by `writeErr`.
 */
export async function createProgram(
  args: readonly string[] = [],
  writeErr: (text: string) => void = (text) => process.stderr.write(text),
): Promise<Command> {
  const program = new Command('passport-gateway')
    .description(description)
    // Subcommands inherit these two, so they must come first.
    .exitOverride()
    .configureOutput({
      writeErr,
      outputError: (text, write) => write(`${text.trimEnd().replaceAll(/\s*\n\s*/g, ' ')}\n`),
    })
  const named = groups.get(args[0] ?? '')
  const added = await Promise.all((named ? [named] : [...groups.values()]).map((load) => load()))
  for (const addCommands of added) addCommands(program)
  return program
}
