import { join } from 'node:path'
import { requiredPath } from '../mariadb.js'
import { runToEnd } from '../processes/process.js'

/** A certificate and its key, as files of PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** Makes the certificate of an authority, which signs others. */
export async function makeAuthority(folder: string, name: string): Promise<Certificate> {
  return make(folder, name, ['-addext', 'keyUsage=critical,keyCertSign'])
}

/** Makes a certificate of a host or a client that an authority has signed. */
export async function makeCertificate(
  folder: string,
  name: string,
  authority: Certificate,
): Promise<Certificate> {
  const signer = ['-CA', authority.cert, '-CAkey', authority.key]
  const host = ['-addext', `subjectAltName=DNS:${name}`, '-addext', 'basicConstraints=critical,CA:FALSE']
  return make(folder, name, [...signer, ...host])
}

async function make(folder: string, name: string, options: readonly string[]): Promise<Certificate> {
  const made = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) }
  const files = ['-keyout', made.key, '-out', made.cert]
  const args = ['req', '-x509', ...key, '-days', '2', '-subj', `/CN=${name}`, ...files, ...options]
  await runToEnd({ command: requiredPath('openssl'), args })
  return made
}
