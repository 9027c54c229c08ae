import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { transaction } from '../../../db/transaction.js'
import { findUploadedFile, insertUploadedFile, type UploadedFileRow } from '../../../db/uploaded-files.js'
import { findUserInfo, lockUser } from '../../../db/users.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { verifyOrNobody } from '../../../gateway/services/sign-in/sessions.js'
import { lockLimits } from '../limits/usage.js'
import { recognisePicture } from './pictures.js'
import { isTicketFor, uploadNameOf } from './tickets.js'

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

/** What somebody shows who wants to see an upload. */
export interface UploadVisitor {
  readonly ticket: string
  /** Of a session. */
  readonly token: string | undefined
}

/** A picture to show, and whether everybody may see it. */
export interface OpenedUpload {
  readonly bytes: Buffer
  readonly contentType: string
  readonly isPublic: boolean
}

/**
 * An upload, for who may see it: everybody where it is the avatar of its owner, else the owner, administrators who may
 * see certificates, and who holds a ticket. Undefined for anybody else, and where there is none.
 */
export async function openUpload(
  services: Services,
  name: string,
  visitor: UploadVisitor,
): Promise<OpenedUpload | undefined> {
  const row = await findUploadedFile(services.db, name)
  if (!row) return undefined
  const isPublic = await isAvatar(services, row)
  if (!isPublic && !(await maySee(services, row, visitor))) return undefined
  const bytes = await readFile(uploadFile(services, row.file_name)).catch(() => undefined)
  return bytes && { bytes, contentType: row.content_type, isPublic }
}

async function isAvatar({ db, config }: Services, { file_name, user_id }: UploadedFileRow): Promise<boolean> {
  const info = await findUserInfo(db, user_id)
  if (!info || uploadNameOf(info.user_avatar, config.publicUrl) !== file_name) return false
  // A certificate's picture stays closed even for who made an avatar of it.
  return !info.user_idcard_images.includes(file_name)
}

async function maySee(
  services: Services,
  { file_name, user_id }: UploadedFileRow,
  { ticket, token }: UploadVisitor,
): Promise<boolean> {
  if (isTicketFor(services, file_name, ticket)) return true
  const session = token === undefined ? undefined : await verifyOrNobody(token, services.sessions)
  if (!session) return false
  return (
    session.userId === user_id || services.permissions.includes(session.userId, 'manage.account.user.get')
  )
}

function uploadFolder({ config }: Pick<Services, 'config'>): string {
  return join(config.dataDir, 'uploads')
}

function uploadFile(services: Pick<Services, 'config'>, name: string): string {
  return join(uploadFolder(services), name)
}
