import { startProxy } from '../../../../gateway/move/proxy/proxy.js'
import { type ShadowOptions, type ShadowReport, startShadow } from '../../../../gateway/move/shadow/shadow.js'
import { type OldGateway } from '../../../servers/old-gateway/old-gateway.js'

export interface RunningShadow {
  /** Where clients call. */
  readonly url: string
  readonly warnings: readonly string[]
  report(): Promise<ShadowReport>
  noise(): unknown
  close(): Promise<ShadowReport>
}

/** Puts a shadow before an old server. */
export async function startShadowing(
  old: OldGateway,
  candidate: string,
  options: Partial<ShadowOptions> = {},
): Promise<RunningShadow> {
  const warnings: string[] = []
  const warn = (text: string) => void warnings.push(text)
  const shadow = await startShadow({
    candidateUrl: candidate,
    writes: 'send',
    methods: [],
    concurrency: 4,
    patience: 15_000,
    sendsNothing: false,
    sharesTokens: false,
    token: undefined,
    secrets: Object.entries(old.apps),
    noise: {},
    learns: false,
    sample: 1,
    warn,
    ...options,
  })
  const proxy = await startProxy({
    host: '127.0.0.1',
    port: 0,
    upstream: () => new URL(old.url),
    observe: shadow.observe,
    tellsAddress: true,
    warn,
  })
  return {
    url: proxy.url,
    warnings,
    report: () => shadow.report(),
    noise: () => shadow.noise(),
    async close() {
      await proxy.close()
      return shadow.close()
    },
  }
}
