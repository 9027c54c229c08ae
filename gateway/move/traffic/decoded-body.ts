import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'

/** A body as it was before it was packed, up to so many bytes; one that can't be unpacked stays as it is. */
export function decodeBody(
  body: Buffer | undefined,
  encoding: string | undefined,
  mostBytes: number,
): Buffer | undefined {
  const unpack = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync }[encoding ?? '']
  if (body === undefined || body.length === 0 || unpack === undefined) return body
  try {
    return unpack(body, { maxOutputLength: mostBytes })
  } catch {
    return body
  }
}
