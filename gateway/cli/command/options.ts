import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'

/** Ends a command's help with an example to copy. */
export function addExample(command: Command, line: string): Command {
  return command.addHelpText('after', `\nExample:\n  passport-gateway ${line}`)
}

/** The option of every command that prints data. */
export function addJsonOption(command: Command): Command {
  return command.option('--json', 'print JSON instead of text')
}

export interface JsonOption {
  readonly json?: true
}

/** Reads a comma list; a repeated option adds to it. */
export function readList(text: string, before: readonly string[] = []): string[] {
  const items = text.split(',').map((item) => item.trim())
  return [...before, ...items.filter((item) => item !== '')]
}

const highestUid = 4_294_967_295

/** Reads a user id. */
export function readUid(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text) || Number(text) > highestUid)
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${highestUid}.`)
  return Number(text)
}

/** Reads a number of hours, up to ten years. */
export function readHours(text: string): number {
  const hours = Number(text)
  if (!/^\d+(?:\.\d+)?$/.test(text) || hours <= 0 || hours > 87_600)
    throw new InvalidArgumentError('It must be a number above 0, up to 87600.')
  return hours
}
