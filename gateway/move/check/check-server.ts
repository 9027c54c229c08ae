import { learnAbsence } from './absence.js'
import { createAsker, type AskerOptions } from './asker.js'
import { createCheckRun } from './check-run.js'
import { createHiding } from './hiding.js'
import { type CheckReport, reportOf } from './report/check-report.js'
import { type PackOptions, runPack } from './run-pack.js'
import { probeMethod } from './pack/signature-checks.js'
import type { WireAnswer } from './wire-answer.js'
import { gatewayCall, signed } from './wire-call.js'

export interface CheckServerOptions extends AskerOptions, PackOptions {
  /** Told the number of checks so far. */
  readonly progress?: (done: number) => void
}

export interface ServerChecked extends CheckReport {
  /** How often the server had to be waited for, as it limits calls. */
  readonly waits: number
}

/** A server that can't be checked at all; the message says why, and what to do. */
export class NoGatewayError extends Error {
  override readonly name = 'NoGatewayError'
}

/**
 * Asks a server, over HTTP alone, the calls whose outcome the wire pages know.
 *
 * @throws NoGatewayError where nothing answers, or something that is no gateway
 */
export async function checkServer(options: CheckServerOptions): Promise<ServerChecked> {
  const { signer, concurrency, progress, wants } = options
  const asker = createAsker(options)
  const hiding = createHiding()
  hiding.add(signer.secret)
  try {
    const first = await asker
      .ask(gatewayCall(signed(signer, { method: probeMethod })))
      .catch((error: unknown) => {
        throw new NoGatewayError(explainFailure(options.server, error), { cause: error })
      })
    requireGateway(options.server, first)
    const isAbsent = await learnAbsence(asker, signer)
    const run = createCheckRun({ asker, isAbsent, hiding, concurrency, wants, ...(progress && { progress }) })
    await runPack(run, options)
    return { ...reportOf(run), waits: asker.waits }
  } finally {
    asker.close()
  }
}

function requireGateway(server: URL, { status, headers, text, tree }: WireAnswer): void {
  const where = `${server.href.replace(/\/+$/, '')}/gateway`
  const { location } = headers
  if (status >= 300 && status < 400)
    throw new NoGatewayError(
      `${where} redirects to ${location ?? 'nowhere'}: give the address that answers by itself`,
    )
  if (tree?.kind === 'object') return
  const type = headers['content-type'] ?? 'no type'
  const isPage = /^\s*</.test(text)
  throw new NoGatewayError(
    `${where} answers ${status} with ${isPage ? 'a page' : 'no JSON'} (${type}), so it is no gateway: is --base right?`,
  )
}

const explanations: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name can not be looked up',
  ECONNRESET: 'the connection was cut: is it http where https is spoken, or the reverse?',
  EPROTO: 'no TLS is spoken there: is it http?',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS is spoken there: is it http?',
  HPE_INVALID_CONSTANT: 'no HTTP is spoken there: is it https?',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'its certificate is self-signed: NODE_EXTRA_CA_CERTS names a file of those to trust',
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate is of an unknown authority: NODE_EXTRA_CA_CERTS names a file of those to trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is of an unknown authority: NODE_EXTRA_CA_CERTS names a file of those to trust',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is of another name',
}

function explainFailure(server: URL, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const message = error instanceof Error ? error.message : String(error)
  return `${server.origin} can not be asked: ${explanations[code] ?? (message === '' ? code : message)}`
}
