import { hash } from 'node:crypto'
import { jobSecret } from '../../dist/bench/job.js'

/** The legacy signature as a framework's user would write it: any parameters, sorted. */
export function isSigned(query) {
  const { client_secret: given, ...signed } = query
  const pairs = { ...signed, private_key: jobSecret }
  const text = Object.keys(pairs)
    .sort()
    .map((name) => `${name}=${pairs[name]}`.trim())
    .join('&')
  return hash('md5', text, 'hex') === given
}
