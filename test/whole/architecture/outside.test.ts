import { expect } from 'chai'
import { readSources, type SourceFile } from './source-tree.js'

/** Whatever opens a connection, or may. */
const waysOut =
  /\bfetch\(['"`\w]|\b(?:request\w*|get|connect\w*|createConnection|lookup)\b[^'\n]*\} from 'node:(?:http|https|net|tls|dns|http2)(?:\/promises)?'|from 'node:(?:dns|dgram|http2)|import\('(?:nodemailer|ioredis|@opentelemetry\/exporter[\w-]*)'\)|from '(?:nodemailer|ioredis|mysql2|undici|axios|got)'|new WebSocket\(/

/** Who reaches out, and what becomes of it on a captured server (OUTSIDE). Whoever is new here decides that first. */
const known: Readonly<Record<string, string>> = {
  'gateway/services/sms/vendor.ts': 'texts and the webhook of events: their vendors are not configured then',
  'gateway/services/mail/smtp.ts': 'mails: no mail server is configured then',
  'gateway/services/wechat/call.ts': 'WeChat: another client takes its place',
  'gateway/services/telemetry/tracing.ts': 'traces: no collector is configured then',
  'gateway/services/redis-connection.ts': 'Redis: of the server itself',
}

/** Programs of an operator, and what runs in a browser or in somebody else's process. */
const others = /^gateway\/(?:cli|move|client|console\/app)\//

function reachingOut(sources: readonly SourceFile[]): string[] {
  return sources
    .filter(({ path, text }) => !others.test(path) && waysOut.test(text.replaceAll(/\bcache\.fetch\(/g, '')))
    .map(({ path }) => path)
    .sort()
}

describe('what leaves the server', () => {
  it('leaves it in these files alone, each of which a captured server has an answer to', () => {
    const found = reachingOut(readSources(['config', 'db', 'gateway', 'methods']))
    expect(found).to.deep.equal(Object.keys(known).sort())
  })

  it('would be noticed anywhere else', () => {
    const wrong = [
      'const answer = await fetch(url)',
      "import { request } from 'node:https'",
      "import { type Socket, connect } from 'node:net'",
      "import { lookup } from 'node:dns/promises'",
      "import axios from 'axios'",
      "const { createTransport } = await import('nodemailer')",
    ]
    for (const text of wrong)
      expect(reachingOut([{ path: 'methods/rules/mail/new.ts', text, imports: [] }]), text).to.have.length(1)
  })
})
