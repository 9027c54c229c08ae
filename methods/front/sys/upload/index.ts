import { defineMethod } from '../../../../gateway/contract/method.js'
import { storeUpload } from '../../../rules/uploads/uploads.js'
import { uploadAddress, uploadPath } from '../../../rules/uploads/tickets.js'

export default defineMethod('front.sys.upload.index', {
  auth: 'user',
  async handle({ session, file }, services) {
    const stored = await storeUpload(services, session.userId, file)
    const url = uploadAddress(services, stored.file_name)
    return {
      url,
      file_url: url,
      file_name: stored.file_name,
      file_size: stored.byte_length,
      file_path: `${uploadPath}${stored.file_name}`,
      file_type: 'image',
      mime_type: stored.content_type,
      type: stored.file_name.slice(stored.file_name.lastIndexOf('.')),
      user_id: stored.user_id,
    }
  },
})
