import { existsSync } from 'node:fs'
import { connect } from '../../../db/connect.js'
import { CommandError } from '../command/error.js'

/**
 * Copies a database as it is at one moment, whatever is written meanwhile: writers wait for nothing, and find their log
 * a bit longer.
 */
export async function copyDatabase(file: string, copy: string): Promise<void> {
  const db = connect({ kind: 'sqlite', file }, { poolSize: 1 })
  try {
    await db.raw('VACUUM INTO ?', [copy])
  } finally {
    await db.destroy()
  }
}

/** Looks whether a copy is whole, and counts its users. Leaves nothing beside it. */
export async function checkDatabase(file: string): Promise<number> {
  const db = connect({ kind: 'sqlite', file }, { poolSize: 1 })
  try {
    const [row]: { integrity_check: string }[] = await db.raw('PRAGMA integrity_check(1)')
    if (row?.integrity_check !== 'ok')
      throw new CommandError(`the copy of the database is damaged: ${row?.integrity_check}`)
    const users = await db('account_user_base').count({ count: '*' }).first()
    await db.raw('PRAGMA journal_mode = DELETE')
    return Number(users?.count ?? 0)
  } finally {
    await db.destroy()
  }
}

/** Files of a database that are there already: itself and its log, which would be taken for that of a restored one. */
export function presentFiles(file: string): string[] {
  return [file, `${file}-wal`, `${file}-shm`].filter((path) => existsSync(path))
}
