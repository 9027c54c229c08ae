import { hash } from 'node:crypto'

interface SignedPage {
  readonly ticket: string
  readonly nonce: string
  /** Unix seconds. */
  readonly timestamp: string
  /** Of the page that calls wx.config, exactly as the browser has it. */
  readonly url: string
}

/** The signature that `wx.config` of the JS-SDK wants: SHA-1 (hex); a page's fragment is not part of it. */
export function signPage({ ticket, nonce, timestamp, url }: SignedPage): string {
  const text = `jsapi_ticket=${ticket}&noncestr=${nonce}&timestamp=${timestamp}&url=${withoutFragment(url)}`
  return hash('sha1', text, 'hex')
}

/** A URL without what stands behind `#`, which browsers keep to themselves; else exactly as it was. */
export function withoutFragment(url: string): string {
  return url.split('#', 1)[0] ?? url
}
