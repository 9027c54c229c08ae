import { escapeHtml } from '../../wire/html.js'
import { formatTime } from '../../wire/time.js'
import { stateHead, stateRows } from './state-lines.js'
import type { MoveState } from './move-state.js'

/** The state as a page by itself, without scripts: it asks for itself again every five seconds. */
export function statePage(state: MoveState, timeZone: string): string {
  const cells = (tag: string, texts: readonly string[]) =>
    texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('')
  const proxies = state.proxies.map(({ node, follows }) => `${node}${follows ? '' : ' (not yet)'}`).join(', ')
  const rows = stateRows(state, timeZone)
    .map((row, at) => {
      const route = state.routes[at]
      const kind = route === undefined || route.share === 0 ? 'old' : route.new.errors > 0 ? 'bad' : 'new'
      return `<tr class="${kind}">${cells('td', row)}</tr>`
    })
    .join('\n')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="5">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The move</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { margin: 2rem }
table { border-collapse: collapse; display: block; overflow-x: auto }
th, td { padding: .3rem .8rem; text-align: left; border-bottom: 1px solid #8884; white-space: nowrap }
.new td:first-child { font-weight: 600 }
.bad td { color: #c22 }
.old { opacity: .7 }
</style>
</head>
<body>
<h1>The move</h1>
<p>At ${escapeHtml(formatTime(state.at, timeZone))}; calls of the last ${state.minutes} minutes. Proxies: ${escapeHtml(proxies || 'none')}.</p>
${state.routes.length === 0 ? '<p>The old server answers everything.</p>' : `<table>\n<thead><tr>${cells('th', stateHead)}</tr></thead>\n<tbody>\n${rows}\n</tbody>\n</table>`}
</body>
</html>
`
}
