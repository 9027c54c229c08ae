import { Command } from 'commander'
import { addAdminCommands } from './admin.js'
import { addAppCommands } from './apps/app.js'
import { addAuditCommand } from './audit.js'
import { addConfigCommand } from './config.js'
import { addDrillCommand } from './drill/drill.js'
import { addIpCommands } from './ip.js'
import { addMigrateCommand } from './migrate.js'
import { addRoleCommands } from './role.js'
import { addSettingCommands } from './setting.js'
import { addShopCommands } from './shop/shop.js'
import { addSignCommand } from './sign/sign.js'
import { addUserCommands } from './users/user.js'
import { addWechatCommands } from './wechat.js'

const description =
  'The operator\'s tool of passport-gateway. It takes the environment variables of the server: see "config".'

/**
 * The operator's command line, ready to parse. Throws CommanderError instead of ending the process, after commander
 * has written the mistake by `writeErr`.
 */
export function createProgram(
  writeErr: (text: string) => void = (text) => process.stderr.write(text),
): Command {
  const program = new Command('passport-gateway')
    .description(description)
    // Subcommands inherit these two, so they must come first.
    .exitOverride()
    .configureOutput({
      writeErr,
      outputError: (text, write) => write(`${text.trimEnd().replaceAll(/\s*\n\s*/g, ' ')}\n`),
    })
  addConfigCommand(program)
  addMigrateCommand(program)
  addAppCommands(program)
  addUserCommands(program)
  addAdminCommands(program)
  addRoleCommands(program)
  addAuditCommand(program)
  addIpCommands(program)
  addSettingCommands(program)
  addShopCommands(program)
  addSignCommand(program)
  addWechatCommands(program)
  addDrillCommand(program)
  return program
}
