import type { Knex } from 'knex'
import { inSlices, mostValues } from './statement-size.js'

/** A picture that a user uploaded; its bytes are a file of that name. */
export interface UploadedFileRow {
  file_name: string
  user_id: number
  content_type: string
  byte_length: number
  uploaded_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    uploaded_file: UploadedFileRow
  }
}

export async function insertUploadedFile(db: Knex, row: UploadedFileRow): Promise<void> {
  await db('uploaded_file').insert(row)
}

export async function findUploadedFile(db: Knex, name: string): Promise<UploadedFileRow | undefined> {
  return db('uploaded_file').where({ file_name: name }).first()
}

/** The names of all files that a user uploaded. */
export async function listUploadNames(db: Knex, userId: number): Promise<string[]> {
  return db('uploaded_file').where({ user_id: userId }).pluck('file_name')
}

/** Those of the named files that a user uploaded. */
export async function findUploadsOf(
  db: Knex,
  userId: number,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = await inSlices<string, string>(names, mostValues, async (some) =>
    db('uploaded_file')
      .whereIn('file_name', [...some])
      .where({ user_id: userId })
      .pluck('file_name'),
  )
  return new Set(found)
}
