import { escapeHtml } from '../../wire/html.js'

export interface PageHead {
  readonly title: string
  /** What was compared with what, a line each. */
  readonly about: readonly string[]
}

const style = `body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#1c1e21;background:#fff}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #d5d8dc;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}code{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
summary{cursor:pointer;padding:.4rem 0}.bad{color:#a4161a}.good{color:#1b6b3a}
@media(prefers-color-scheme:dark){body{color:#e4e6e9;background:#17191c}td,th{border-color:#3a3f45}.bad{color:#ff8f8f}.good{color:#7fd6a2}}`

/** What a report's page holds besides its own parts. */
interface FrameParts extends PageHead {
  /** The line that says how it went, and whether that is well. */
  readonly summary: string
  readonly isGood: boolean
}

/** A page that needs nothing else: no script, no picture, no address. `body` is HTML. */
export function pageFrame({ title, about, summary, isGood }: FrameParts, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${about.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')}
<p class="${isGood ? 'good' : 'bad'}"><strong>${escapeHtml(summary)}</strong></p>
${body}</body>
</html>
`
}
