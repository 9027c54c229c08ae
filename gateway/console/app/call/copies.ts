import type { Caller, SignedCall } from './signed-call.js'
import { encodeCall } from './signed-call.js'

// A call as a program in another language. Each runs as it is.

/** A shell command with the signature of this moment. */
export function asCurl(call: SignedCall, endpoint: string): string {
  const token = call.token === '' ? '' : ` \\\n  -H ${shellQuoted(`Authorization: Bearer ${call.token}`)}`
  const text = encodeCall(call)
  if (call.verb === 'GET') return `curl -sS ${shellQuoted(`${endpoint}?${text}`)}${token}\n`
  return `curl -sS ${shellQuoted(endpoint)}${token} \\\n  -d ${shellQuoted(text)}\n`
}

/** A PHP program that signs each time it runs. */
export function asPhp(call: CallToCopy): string {
  const { caller, endpoint } = call
  const params = Object.entries(namedParams(call)).map(
    ([name, value]) => `    ${phpQuoted(name)} => ${phpQuoted(value)},\n`,
  )
  return `<?php
$params = [
${params.join('')}];
${caller.secret === '' ? '' : phpSignature(caller)}$context = stream_context_create(['http' => [
    'method' => 'POST',
    'header' => [${[`'Content-Type: application/x-www-form-urlencoded'`, ...(caller.token === '' ? [] : [phpQuoted(`Authorization: Bearer ${caller.token}`)])].join(', ')}],
    'content' => http_build_query($params),
    'ignore_errors' => true,
]]);
echo file_get_contents(${phpQuoted(endpoint)}, false, $context), "\\n";
`
}

function phpSignature({ scheme, secret }: Caller): string {
  if (scheme === 'legacy')
    return `$signed = $params + ['private_key' => ${phpQuoted(secret)}];
ksort($signed, SORT_STRING);
$pairs = array_map(fn($name) => trim("$name=$signed[$name]", "\\x00..\\x20"), array_keys($signed));
$params['client_secret'] = md5(implode('&', $pairs));
`
  return `$params += ['timestamp' => (string) time(), 'nonce' => bin2hex(random_bytes(12))];
ksort($params, SORT_STRING);
// As JavaScript's encodeURIComponent, which leaves five marks more than rawurlencode.
$encode = fn($text) => strtr(rawurlencode($text), ['%21' => '!', '%27' => "'", '%28' => '(', '%29' => ')', '%2A' => '*']);
$pairs = array_map(fn($name) => $encode($name) . '=' . $encode($params[$name]), array_keys($params));
$params['client_secret'] = hash_hmac('sha256', implode('&', $pairs), ${phpQuoted(secret)});
`
}

/** A TypeScript program for Node.js that signs each time it runs. */
export function asTypeScript(call: CallToCopy): string {
  const { caller, endpoint } = call
  const signed = caller.secret !== ''
  const params = Object.entries(namedParams(call)).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`,
  )
  const headers =
    caller.token === '' ? '' : `, headers: { Authorization: ${JSON.stringify(`Bearer ${caller.token}`)} }`
  return `${signed ? typeScriptImport[caller.scheme] : ''}const params: Record<string, string> = {
${params.join('')}}
${signed ? typeScriptSignature(caller) : ''}const body = new URLSearchParams(params)
const response = await fetch(${JSON.stringify(endpoint)}, { method: 'POST', body${headers} })
console.log(await response.text())
`
}

const typeScriptImport = {
  legacy: "import { createHash } from 'node:crypto'\n\n",
  'hmac-sha256': "import { createHmac, randomBytes } from 'node:crypto'\n\n",
}

function typeScriptSignature({ scheme, secret }: Caller): string {
  if (scheme === 'legacy')
    return `const signed: Record<string, string> = { ...params, private_key: ${JSON.stringify(secret)} }
const pairs = Object.keys(signed).sort().map((name) => \`\${name}=\${signed[name]}\`.replace(/^[\\0-\\x20]+|[\\0-\\x20]+$/g, ''))
params.client_secret = createHash('md5').update(pairs.join('&')).digest('hex')
`
  return `params.timestamp = String(Math.floor(Date.now() / 1000))
params.nonce = randomBytes(12).toString('hex')
const pairs = Object.keys(params).sort().map((name) => \`\${encodeURIComponent(name)}=\${encodeURIComponent(params[name] ?? '')}\`)
params.client_secret = createHmac('sha256', ${JSON.stringify(secret)}).update(pairs.join('&')).digest('hex')
`
}

export interface CallToCopy {
  readonly method: string
  readonly params: Readonly<Record<string, string>>
  readonly caller: Caller
  readonly endpoint: string
}

function namedParams({ method, params, caller }: CallToCopy): Record<string, string> {
  const named = { method, ...params }
  if (caller.secret === '') return named
  if (caller.scheme === 'legacy') return { ...named, client_type: caller.app }
  return { ...named, app_key: caller.app, sign_method: 'hmac-sha256' }
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function phpQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`
}
