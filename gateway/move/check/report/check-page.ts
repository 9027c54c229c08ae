import { escapeHtml } from '../../../wire/html.js'
import { type PageHead, pageFrame } from '../../report/page-frame.js'
import { checkSummary, remainderLines } from './check-lines.js'
import type { CheckedMethod, CheckFailure, CheckReport } from './check-report.js'

/** One page that needs nothing else, in the form of a replay's report. */
export function checkPage(report: CheckReport, head: PageHead): string {
  const remainder = remainderLines(report).map((line) => `<li>${escapeHtml(line)}</li>`)
  return pageFrame(
    { ...head, summary: checkSummary(report), isGood: report.checks > 0 && report.passed === report.checks },
    `<table>
<thead><tr><th>Method</th><th class="n">Checks</th><th class="n">Passed</th><th class="n">Score %</th></tr></thead>
<tbody>
${report.methods.map(rowOf).join('\n')}
</tbody>
</table>
${report.methods.map(detailsOf).join('')}<ul>${remainder.join('')}</ul>
`,
  )
}

function rowOf({ method, checks, passed, score }: CheckedMethod): string {
  const numbers = [checks, passed, score].map((number) => `<td class="n">${number}</td>`).join('')
  return `<tr><td>${escapeHtml(method)}</td>${numbers}</tr>`
}

function detailsOf({ method, failures }: CheckedMethod): string {
  if (failures.length === 0) return ''
  return `<details open><summary><strong>${escapeHtml(method)}</strong></summary>
<table><thead><tr><th>Check</th><th>Rule</th><th>Wanted and came</th><th>Sent and answered</th></tr></thead>
<tbody>${failures.map(failureRow).join('\n')}</tbody></table>
</details>
`
}

function failureRow({ check, rule, sent, findings, came }: CheckFailure): string {
  const told = findings.map(
    ({ kind, meaning, path, wanted, came: found }) =>
      `${kind} <small>${escapeHtml(meaning)}</small><br><code>${escapeHtml(`${path}: ${wanted} → ${found}`)}</code>`,
  )
  const where = `${escapeHtml(`${rule.page} ${rule.section}`)}<br><small>${escapeHtml(rule.says)}</small>`
  const exchange = [sent, came].map((text) => `<code>${escapeHtml(text)}</code>`).join('<br>')
  return `<tr><td>${escapeHtml(check)}</td><td>${where}</td><td>${told.join('<br>')}</td><td>${exchange}</td></tr>`
}
