import { isConsolePath } from './console.js'
import { BlockList, isIP, isIPv6 } from 'node:net'
import { domainToUnicode } from 'node:url'
import { isSupportedCountry } from 'libphonenumber-js/max'
import { readLoginKeys } from './secrets/login-keys.js'
import { isDatabaseUrl } from './urls/database-url.js'
import { parsedUrl } from './urls/parsed-url.js'
import { readPasswordCost } from './password-cost.js'
import { readRedisUrl } from './urls/redis-url.js'
import { isMoment, isShopTokenKey } from './shop.js'
import { isTemplatePair } from './sms/templates.js'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

const nameForm = /^(?!-)[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i
// A name ending in a number is a mistyped IPv4 address to every URL parser.
const numberLast = /(?:^|\.)\d+$/

/** Whether the text is an IP address without a zone; a zone cannot stand in a URL or a range. */
function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%')
}

/** Whether the text is an IP address or a host name one can listen on. */
function isHost(text: string): boolean {
  return isAddress(text) || (nameForm.test(text) && !numberLast.test(text) && isDecodableName(text))
}

/** Whether every label of a name that says it is encoded (`xn--`) is: newer versions of Node parse others as well. */
function isDecodableName(name: string): boolean {
  const decoded = domainToUnicode(name)
  return decoded !== '' && !/(?:^|\.)xn--/i.test(decoded)
}

/** Whether only this machine can reach the host: 127.0.0.0/8, ::1 or localhost. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 0) return host.toLowerCase() === 'localhost'
  return loopback.check(host, isIPv6(host) ? 'ipv6' : 'ipv4')
}

/** Whether the text is an IP address or a CIDR range, of either version. */
export function isAddressRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  if (rest.length > 0 || !isAddress(address)) return false
  if (prefix === undefined) return true
  return /^(?:0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= (isIPv6(address) ? 128 : 32)
}

/** Whether the text is `host` or `host:port` exactly as a URL would print it, letter case aside. */
function isCallbackHost(text: string): boolean {
  const lower = text.toLowerCase()
  const [, host, port] = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::([1-9]\d{0,4}))?$/.exec(lower) ?? []
  if (host === undefined || Number(port ?? 1) > 65535 || !URL.canParse(`http://${host}/`)) return false
  // Anything else (127.1, [0:0::1]) would be listed and then never match a parsed callback.
  return new URL(`http://${host}/`).hostname === host
}

interface Format {
  /** What a value must be, as the end of a sentence. */
  readonly wants: string
  readonly test: (text: string) => boolean
}

function isPlain(url: URL | undefined): url is URL {
  return url !== undefined && [url.username, url.password, url.search].every((part) => part === '')
}

/** What the pages of app shells send: of no site at all, of a file, or of a scheme of the shell's own. */
const shellOrigin = /^(?:null|(?!https?:|ftp:|wss?:)[a-z][a-z0-9+.-]*:\/\/(?:[\w.-]+(?::\d+)?)?)$/i

/** Whether an origin is an app shell's, which is compared as it is written. */
export function isShellOrigin(text: string): boolean {
  return shellOrigin.test(text)
}

function isOrigin(text: string): boolean {
  if (isShellOrigin(text)) return true
  const url = parsedUrl(text, 'http:', 'https:')
  return isPlain(url) && url.pathname === '/'
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** The forms a text may be asked to have, by the name the schema uses. */
export const formats = {
  host: {
    wants: 'an IP address or a host name',
    test: isHost,
  },
  'database-url': {
    wants:
      'sqlite:PATH, sqlite::memory: or mysql://user:password@host:port[,host:port]/name, percent-encoded',
    test: isDatabaseUrl,
  },
  'redis-url': {
    wants:
      'a redis:// URL, redis+sentinel://host:port,host:port/NAME or redis+cluster://host:port,host:port, its password percent-encoded; rediss for TLS',
    test: (text) => readRedisUrl(text) !== undefined,
  },
  'smtp-url': {
    wants: 'an smtp:// or smtps:// URL, its password percent-encoded',
    test: (text) => parsedUrl(text, 'smtp:', 'smtps:') !== undefined,
  },
  'web-url': {
    wants: 'an http:// or https:// URL without a fragment',
    test: (text) => parsedUrl(text, 'http:', 'https:') !== undefined,
  },
  'public-url': {
    wants: 'an http:// or https:// URL without user, query and fragment',
    test: (text) => isPlain(parsedUrl(text, 'http:', 'https:')),
  },
  origin: {
    wants:
      'an origin such as https://app.example.com, without a path, or an app shell such as capacitor://localhost',
    test: isOrigin,
  },
  'callback-host': {
    wants: 'a host or host:port, in ASCII',
    test: isCallbackHost,
  },
  'console-path': {
    wants: "a path such as /ops, of letters, digits, dots and hyphens, and none of the gateway's own",
    test: isConsolePath,
  },
  'address-range': {
    wants: 'an IP address or a CIDR range such as 10.0.0.0/8',
    test: isAddressRange,
  },
  'time-zone': {
    wants: 'a time zone such as Asia/Shanghai',
    test: isTimeZone,
  },
  'mail-from': {
    wants: 'a mail address, bare or as Name <address>',
    test: (text) => /^(?:[^<>@\p{Cc}]*<[^\s<>@,]+@[^\s<>@,]+>|[^\s<>@,]+@[^\s<>@,]+)$/u.test(text),
  },
  'access-key': {
    // It stands in a header, where a stray space or line end would only fail at the first call.
    wants: 'printable ASCII without spaces',
    test: (text) => /^[\x21-\x7e]+$/.test(text),
  },
  'sms-country': {
    wants: 'a country code of ISO 3166 such as GB, or any',
    test: (text) => text === 'any' || isSupportedCountry(text),
  },
  'wechat-token': {
    wants: '3 to 32 letters and digits',
    test: (text) => /^[A-Za-z0-9]{3,32}$/.test(text),
  },
  'wechat-aes-key': {
    wants: '43 characters of base64, as WeChat shows it',
    test: (text) => /^[A-Za-z0-9+/]{43}$/.test(text),
  },
  'login-keys': {
    wants: 'private RSA keys of 2048 bits in PEM, without a passphrase, one below the other',
    test: (text) => readLoginKeys(text) !== undefined,
  },
  'shop-token-key': {
    wants: 'standard base64 (A-Z, a-z, 0-9, + and /) of at least 32 bytes, as the shop has it',
    test: isShopTokenKey,
  },
  'password-cost': {
    wants:
      'm=KIB,t=PASSES,p=LANES as in m=19456,t=2,p=1: up to m=262144, t=20 and p=16, and m at least 8 × p',
    test: (text) => readPasswordCost(text) !== undefined,
  },
  moment: {
    wants: 'a day and a time with its zone, such as 2026-01-31T04:00:00+08:00',
    test: isMoment,
  },
  'sms-template': {
    wants:
      'TEMPLATE=ID, the template code, mobile-changed, password-changed, email-changed or wechat-changed, these also with -abroad',
    test: isTemplatePair,
  },
} as const satisfies Record<string, Format>

/** The name of a form in `formats`. */
export type FormatName = keyof typeof formats
