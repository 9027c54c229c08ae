import { readFile } from 'node:fs/promises'
import { findUploadedFile, type UploadedFileRow } from '../../../db/uploaded-files.js'
import { findUserInfo } from '../../../db/user-info.js'
import type { Services } from '../../../gateway/services/services.js'
import { verifyOrNobody } from '../../../gateway/services/sign-in/sessions.js'
import { isTicketFor, uploadNameOf } from './tickets.js'
import { uploadFile } from './uploads.js'

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
