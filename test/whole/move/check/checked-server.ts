import {
  checkServer,
  type CheckServerOptions,
  type ServerChecked,
} from '../../../../gateway/move/check/check-server.js'

/** Checks a server as the command does. */
export function check(
  url: string,
  options: Partial<CheckServerOptions> & Pick<CheckServerOptions, 'signer'>,
): Promise<ServerChecked> {
  return checkServer({
    server: new URL(url),
    users: [],
    writes: false,
    wants: () => true,
    timeZone: 'Asia/Shanghai',
    concurrency: 4,
    pace: undefined,
    timeout: 15_000,
    patience: 30_000,
    ...options,
  })
}

/** Each failure in a line, for a test's own report. */
export function failuresOf({ methods }: ServerChecked): string[] {
  return methods.flatMap(({ method, failures }) =>
    failures.map(({ check, sent, findings, came }) => {
      const told = findings.map(
        ({ kind, path, wanted, came: found }) => `${kind} at ${path}: ${wanted} → ${found}`,
      )
      return [`${method}: ${check}`, sent, ...told, came].join(' | ')
    }),
  )
}

/** The names of all differences that were found, without doubles. */
export function kindsOf({ methods }: ServerChecked): string[] {
  const kinds = methods.flatMap(({ failures }) =>
    failures.flatMap(({ findings }) => findings.map(({ kind }) => kind)),
  )
  return [...new Set(kinds)].sort()
}
