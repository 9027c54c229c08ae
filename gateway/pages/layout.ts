import { createHash } from 'node:crypto'
import type { Request, Response } from 'express'
import { escapeHtml } from '../wire/html.js'

export type Language = 'zh' | 'en'

const style = `
:root { color-scheme: light dark }
body { margin: 0; background: #f4f5f7; color: #1c1e21; font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif }
main { max-width: 26rem; margin: 12vh auto; padding: 2rem; background: #fff; border-radius: 12px; box-shadow: 0 1px 4px #0002 }
main.wide { max-width: 60rem; margin: 2rem auto }
h1 { margin: 0 0 1rem; font-size: 1.3rem }
h2 { margin: 2rem 0 .5rem; font-size: 1.1rem } h3 { margin: 1.25rem 0 .25rem; font-size: 1rem }
ul { margin: 0; padding-left: 1.25rem } li { margin: .4rem 0 }
a { color: #0b57d0 } a:focus-visible, button:focus-visible { outline: 3px solid #1f6feb; outline-offset: 2px }
code { font: .9em ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere }
label { display: block; margin: 1rem 0 .25rem }
input { width: 100%; box-sizing: border-box; padding: .6rem; font: inherit; border: 1px solid #b8bcc4; border-radius: 8px }
button { margin-top: 1.25rem; width: 100%; padding: .7rem; font: inherit; color: #fff; background: #1f6feb; border: 0; border-radius: 8px; cursor: pointer }
.error { color: #b42318 }
.qr { max-width: 16rem; margin: 1rem auto; padding: .75rem; background: #fff; border-radius: 8px }
.qr svg { display: block; width: 100%; height: auto }
.site { font-weight: 600; overflow-wrap: anywhere }
button.plain { margin-top: .75rem; color: inherit; background: none; border: 1px solid #b8bcc4 }
table { width: 100%; border-collapse: collapse }
th, td { padding: .4rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid #e4e6ea; overflow-wrap: anywhere }
pre { margin: 0; white-space: pre-wrap; font: inherit }
@media (prefers-color-scheme: dark) {
  body { background: #15171a; color: #e6e7e9 } main { background: #1f2226 } input { background: #15171a; color: inherit }
  a { color: #8ab4f8 } .error { color: #ff9a8d } th, td { border-color: #3a3f46 }
}
`
const styleHash = createHash('sha256').update(style).digest('base64')

/** No script, nothing from elsewhere, no frame around it, and no address of it passed on: it may hold a token. */
const headers = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
}

/** The visitor's language: English if the browser asks for it first, else Chinese. */
export function languageOf(request: Request): Language {
  return request.acceptsLanguages('zh', 'en') === 'en' ? 'en' : 'zh'
}

interface Page {
  readonly language: Language
  readonly title: string
  /** HTML; whatever comes from outside must have been escaped. */
  readonly body: string
  readonly status?: number
  readonly wide?: boolean
  /** After how many seconds the browser asks for the page again: it waits for something. */
  readonly refresh?: number
}

/** Sends a whole page in the one look of all hosted pages. */
export function sendPage(
  response: Response,
  { language, title, body, status = 200, wide = false, refresh }: Page,
): void {
  response.status(status).set(headers)
  const again = refresh === undefined ? '' : `<meta http-equiv="refresh" content="${refresh}">`
  response.send(`<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${again}
<title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><main${wide ? ' class="wide"' : ''}><h1>${escapeHtml(title)}</h1>
${body}
</main></body></html>
`)
}
