import { imageSize } from 'image-size'

/** A form of pictures that users may upload. */
export interface PictureForm {
  readonly extension: string
  readonly contentType: string
}

interface KnownForm extends PictureForm {
  readonly type: string
  /** How files of the form begin, in hex. */
  readonly beginning: RegExp
}

const forms: readonly KnownForm[] = [
  { type: 'jpg', extension: '.jpg', contentType: 'image/jpeg', beginning: /^ffd8ff/ },
  { type: 'png', extension: '.png', contentType: 'image/png', beginning: /^89504e470d0a1a0a/ },
  { type: 'gif', extension: '.gif', contentType: 'image/gif', beginning: /^47494638(37|39)61/ },
  {
    type: 'webp',
    extension: '.webp',
    contentType: 'image/webp',
    beginning: /^52494646.{8}57454250565038(20|4c|58)/,
  },
]

/** What a phone's camera makes is below; what is above would cost who looks at it gigabytes of memory. */
const mostPixels = 50_000_000
const longestSide = 12_000

/** Which form of picture the bytes are, by what they hold, whatever they were named; undefined for anything else. */
export function recognisePicture(bytes: Buffer): PictureForm | undefined {
  const beginning = bytes.toString('hex', 0, 16)
  const form = forms.find((form) => form.beginning.test(beginning))
  const size = form && measure(bytes)
  if (!size || size.type !== form.type) return undefined
  const { width, height } = size
  const isDrawable = width > 0 && height > 0 && Math.max(width, height) <= longestSide
  if (!isDrawable || width * height > mostPixels) return undefined
  return { extension: form.extension, contentType: form.contentType }
}

function measure(bytes: Buffer) {
  try {
    return imageSize(bytes)
  } catch {
    return undefined
  }
}
