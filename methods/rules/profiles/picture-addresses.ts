/** A picture on http(s), or a path on the site: nothing that a browser runs, and nothing that ends an attribute. */
const pictureAddress = /^(https?:\/\/|(?!\/\/)(?![^/?#]*:))[^\s\p{Cc}\p{Cs}<>"'`\\]+$/iu

/** Whether an address may be stored as a picture's: http(s), or relative to the site. */
export function isPictureAddress(text: string): boolean {
  return pictureAddress.test(text)
}

/** The address that clients load a stored picture from; empty for none. `publicUrl` without a slash at its end. */
export function absolutePictureAddress(stored: string, publicUrl: string): string {
  const address = stored.trim()
  if (address === '' || /^https?:\/\//i.test(address)) return address
  return `${publicUrl}/${address.replace(/^\/+/, '')}`
}

/** The pictures of a list as the old tables keep them, separated by commas. */
export function splitPictures(list: string): string[] {
  return list
    .split(',')
    .map((picture) => picture.trim())
    .filter((picture) => picture !== '')
}
