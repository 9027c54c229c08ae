import type { Services } from '../../../gateway/services/services.js'
import { absolutePictureAddress } from '../profiles/picture-addresses.js'
import { uploadNameOf } from '../uploads/tickets.js'

/** A picture for the console, which shows those of this server only and links to others. */
export interface ShownPicture {
  readonly address: string
  readonly is_upload: boolean
}

/** A stored picture; one without an address is none. */
export function describePicture({ config }: Pick<Services, 'config'>, stored: string): ShownPicture {
  const address = absolutePictureAddress(stored, config.publicUrl)
  return { address, is_upload: uploadNameOf(address, config.publicUrl) !== undefined }
}
