import type { ReportOnly } from '../../../gateway/services/apps/guards.js'
import { readGuardNames } from '../../../gateway/services/apps/report-only.js'
import type { AppChange } from '../../../gateway/services/apps/registry.js'
import { defined } from '../../../gateway/wire/defined-fields.js'

/** The fields of an application as a form has them: lists as texts, separated by commas or blanks. */
interface ApplicationForm {
  readonly trust?: AppChange['trust']
  readonly grants?: string
  /** `any` for all addresses. */
  readonly addresses?: string
  /** 0 for what CODE_LENGTH says. */
  readonly code_length?: number
  readonly recut?: AppChange['recut']
  readonly query_credentials?: AppChange['queryCredentials']
  /** `none` for no guard. */
  readonly report_only?: string
  /** Milliseconds. */
  readonly report_until?: number
}

/** What a form changes of an application; what is absent in it stays. Throws AppRegistryError. */
export function readChange(form: ApplicationForm): AppChange {
  const { trust, grants, addresses, code_length: length, recut, query_credentials: queryCredentials } = form
  const { report_only: guards, report_until: until = 0 } = form
  return defined({
    trust,
    grants: grants === undefined ? undefined : readList(grants),
    addresses: addresses === undefined ? undefined : readList(addresses).filter((text) => text !== 'any'),
    codeLength: length === undefined ? undefined : length || null,
    recut,
    queryCredentials,
    reportOnly: guards === undefined ? undefined : readReportOnly(readList(guards), until),
  })
}

/** What an operator wrote: `none`, or guards and until when (ms). Throws AppRegistryError. */
export function readReportOnly(names: readonly string[], until: number): ReportOnly {
  return { guards: readGuardNames(names.filter((name) => name !== 'none')), until }
}

function readList(text: string): string[] {
  return [...new Set(text.split(/[\s,，]+/).filter((item) => item !== ''))]
}
