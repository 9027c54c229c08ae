import { type Command, InvalidArgumentError } from 'commander'
import {
  readSettings,
  type SettingInForce,
  setSetting,
  unsetSetting,
} from '../../methods/rules/operation/site-settings.js'
import { findSettingProblem, knownSettings } from '../../methods/rules/settings/known-settings.js'
import { commandLine } from './command/command-line.js'
import { UsageError } from './command/error.js'
import { addExample, addJsonOption, type JsonOption } from './command/options.js'
import { printJson, printLines, tableLines } from './command/print.js'
import { readAll } from './command/secret-input.js'
import { withDatabase } from './command/session.js'

/** The most characters of a value that a list shows: documents are long. */
const shownCharacters = 40

/** Adds `setting`: what an operator changes without a restart (account.md §7), kept in the database. */
export function addSettingCommands(program: Command): void {
  const setting = program.command('setting').description('names, pictures, rewards and documents of the site')
  const set = setting
    .command('set')
    .description('change a setting')
    .argument('<key>', 'as "setting list" shows it', readKey)
    .argument('<value>', 'the text; "-" reads it from standard input')
    .action(changeSetting)
  addExample(set, 'setting set reg_protocols_description - < agreement.html')
  const get = setting
    .command('get')
    .description('print the value in force')
    .argument('<key>', 'as "setting list" shows it', readKey)
    .action(showSetting)
  addExample(addJsonOption(get), 'setting get site_name')
  const unset = setting
    .command('unset')
    .description('go back to the default')
    .argument('<key>', 'as "setting list" shows it', readKey)
    .action(removeSetting)
  addExample(unset, 'setting unset site_name')
  const list = setting.command('list').description('show every setting').action(listSettings)
  addExample(addJsonOption(list), 'setting list')
}

async function changeSetting(key: string, argument: string): Promise<void> {
  const value = argument === '-' ? await readAll(process.stdin) : argument
  const problem = findSettingProblem(key, value)
  if (problem !== undefined) throw new UsageError(`${key}: ${problem}`)
  await withDatabase((session) => setSetting(session, { key, value }, commandLine('cli setting set')))
  printLines([`${key} is set; running nodes see it within 5 seconds`])
}

async function removeSetting(key: string): Promise<void> {
  await withDatabase((session) => unsetSetting(session, key, commandLine('cli setting unset')))
  printLines([`${key} has its default again; running nodes see it within 5 seconds`])
}

async function showSetting(key: string, { json }: JsonOption): Promise<void> {
  const [setting] = await withDatabase((session) => readSettings(session, [key]))
  if (!setting) return
  if (json) return printJson(jsonOf(setting))
  printLines(setting.value.split(/\r?\n/))
}

async function listSettings({ json }: JsonOption): Promise<void> {
  const settings = await withDatabase((session) => readSettings(session))
  if (json) return printJson(settings.map(jsonOf))
  const rows = settings.map(({ key, value, source, meaning }) => [key, shorten(value), source, meaning])
  printLines(tableLines(['KEY', 'VALUE', 'SOURCE', 'MEANING'], rows))
}

function jsonOf({ key, value, source, meaning }: SettingInForce) {
  return { key, value, source, meaning }
}

function shorten(value: string): string {
  const characters = Array.from(value.trim().replaceAll(/\s+/g, ' '))
  const isLong = characters.length > shownCharacters
  return characters.slice(0, shownCharacters).join('') + (isLong ? '…' : '')
}

function readKey(text: string): string {
  if (!Object.hasOwn(knownSettings, text))
    throw new InvalidArgumentError(`It must be one of ${Object.keys(knownSettings).join(', ')}.`)
  return text
}
