import { randomBytes } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { transaction } from '../../../db/transaction.js'
import { insertUploadedFile, type UploadedFileRow } from '../../../db/uploaded-files.js'
import { lockUser } from '../../../db/users.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { lockLimits } from '../limits/locked-usage.js'
import { recognisePicture } from './pictures.js'

const daySeconds = 86_400

/**
 * Keeps a picture that a user uploaded, under a name that nobody can guess. Throws UPLOAD_FAILED for what is no
 * picture, after the user's last of the day, and where uploads are off.
 */
export async function storeUpload(
  services: Services,
  userId: number,
  bytes: Buffer | undefined,
): Promise<UploadedFileRow> {
  const { config, clock } = services
  const picture = config.uploads.allowed && bytes && recognisePicture(bytes)
  if (!picture) throw new GatewayError('UPLOAD_FAILED')
  const row = {
    file_name: `${randomBytes(24).toString('base64url')}${picture.extension}`,
    user_id: userId,
    content_type: picture.contentType,
    byte_length: bytes.length,
    uploaded_at: clock.now(),
  }
  const path = uploadFile(services, row.file_name)
  try {
    // Served is only what has a row, so that a file which is cut off is never seen.
    await mkdir(uploadFolder(services), { recursive: true, mode: 0o700 })
    await writeFile(path, bytes, { flag: 'wx', mode: 0o600 })
    await insertWithinLimit(services, row)
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  return row
}

async function insertWithinLimit(services: Services, row: UploadedFileRow): Promise<void> {
  const limit = {
    name: `upload:${row.user_id}`,
    points: services.config.uploads.perDay,
    seconds: daySeconds,
  }
  await transaction(services, async (services) => {
    // Of a user who is being removed, no file must stay.
    if (!(await lockUser(services.db, row.user_id))) throw new GatewayError('UPLOAD_FAILED')
    const usage = await lockLimits(services, [limit])
    if (usage.exhausted) throw new GatewayError('UPLOAD_FAILED')
    await usage.spend()
    await insertUploadedFile(services.db, row)
  })
}

/** Deletes files that have no row any more. One that cannot be deleted is logged, as nobody is shown it anyway. */
export async function removeFiles(
  services: Pick<Services, 'config' | 'log'>,
  names: readonly string[],
): Promise<void> {
  for (const name of names)
    await rm(uploadFile(services, name), { force: true }).catch((error: unknown) =>
      services.log.error({ names: [name], error }, 'the file of a removed user could not be deleted'),
    )
}

function uploadFolder({ config }: Pick<Services, 'config'>): string {
  return join(config.dataDir, 'uploads')
}

/** Where the file of an upload is. */
export function uploadFile(services: Pick<Services, 'config'>, name: string): string {
  return join(uploadFolder(services), name)
}
