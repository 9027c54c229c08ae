import type { Config } from '../../../config/config.js'
import { CommandError } from '../command/error.js'

/** Names of what an archive holds; uploaded pictures stand below `uploads/`. */
export const entryNames = { manifest: 'manifest.json', keys: 'keys.json', database: 'passport.db' } as const

/** What a backup says of itself. */
export interface Manifest {
  readonly format: 1
  /** ISO 8601. */
  readonly madeAt: string
  /** Of the server whose command made it. */
  readonly version: string
  /** Absent where the database is backed up by its own means. */
  readonly database?: { readonly sha256: string; readonly bytes: number; readonly users: number }
}

/** The keys without which the database can't be read, each list in its order. */
export interface BackedUpKeys {
  readonly DATA_KEY: readonly string[]
  readonly JWT_SECRET: readonly string[]
  readonly LOGIN_KEY: readonly string[]
}

export function keysOf({ dataKeys, jwtSecrets, loginKeys }: Config): BackedUpKeys {
  return { DATA_KEY: dataKeys, JWT_SECRET: jwtSecrets, LOGIN_KEY: loginKeys }
}

/** Reads the manifest of an archive. Throws CommandError for that of a later version. */
export function readManifest(text: string): Manifest {
  const manifest: Manifest = JSON.parse(text)
  if (manifest.format !== 1)
    throw new CommandError(
      `the backup is of passport-gateway ${manifest.version}: restore it with that version`,
    )
  return manifest
}
