import { escapeHtml } from '../../wire/html.js'
import { type PageHead, pageFrame } from './page-frame.js'
import { summaryLine } from './report-lines.js'
import type { ComparisonReport, KindReport, MethodReport } from './tally.js'

/** One page, which holds only what a record may hold. */
export function reportPage(report: ComparisonReport, head: PageHead): string {
  return pageFrame(
    { ...head, summary: summaryLine(report), isGood: report.equal === report.compared },
    `<table>
<thead><tr><th>Method</th><th class="n">Calls</th><th class="n">Equal</th><th class="n">Differ</th><th class="n">No answer</th><th class="n">Recorded p50 / p99 ms</th><th class="n">Now p50 / p99 ms</th></tr></thead>
<tbody>
${report.methods.map(rowOf).join('\n')}
</tbody>
</table>
${report.methods.map(detailsOf).join('')}`,
  )
}

function rowOf({ method, compared, equal, differing, failed, recorded, came }: MethodReport): string {
  const numbers = [compared, equal, differing, failed]
    .map((number) => `<td class="n">${number}</td>`)
    .join('')
  const times = [recorded, came].map(({ p50, p99 }) => `<td class="n">${p50} / ${p99}</td>`).join('')
  return `<tr><td>${escapeHtml(method)}</td>${numbers}${times}</tr>`
}

function detailsOf({ method, kinds, reasons }: MethodReport): string {
  if (kinds.length + reasons.length === 0) return ''
  const left = reasons
    .map(({ reason, calls }) => `<li>${calls} not compared: ${escapeHtml(reason)}</li>`)
    .join('')
  return `<details open><summary><strong>${escapeHtml(method)}</strong></summary>
${kinds.length > 0 ? kindTable(kinds) : ''}${left === '' ? '' : `<ul>${left}</ul>`}
</details>
`
}

function kindTable(kinds: readonly KindReport[]): string {
  const rows = kinds.map(({ kind, meaning, calls, example }) => {
    const cells = [example.path, example.recorded, example.came].map(
      (text) => `<td><code>${escapeHtml(text)}</code></td>`,
    )
    return `<tr><td>${kind}<br><small>${escapeHtml(meaning)}</small></td><td class="n">${calls}</td>${cells.join('')}</tr>`
  })
  return `<table><thead><tr><th>Difference</th><th class="n">Calls</th><th>Where</th><th>Recorded</th><th>Now</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`
}
