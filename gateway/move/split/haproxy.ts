import type { MoveRouteRow } from '../../../db/move-routes.js'
import {
  addressOf,
  isWhole,
  methodsByPath,
  splitHead,
  splitRules,
  type SplitRule,
  type SplitServers,
} from './split-rules.js'

/** The routes as a whole configuration of HAProxy. Callers are told apart as "move proxy" does. */
export function haproxyConfiguration(rows: readonly MoveRouteRow[], servers: SplitServers): string {
  const rules = splitRules(rows)
  const paths = methodsByPath(rules)
  return `${splitHead}defaults
    mode http
    timeout connect 1s
    timeout client 60s
    timeout http-request 10s
    timeout http-keep-alive 50s
    # A method that streams writes every 20 seconds.
    timeout server 60s

frontend move
    bind :8090
    option forwardfor
    http-request set-var(txn.app) url_param(client_type)
    http-request set-var(txn.app) url_param(app_key) if { url_param(app_key) -m found }
    http-request set-var(txn.ip) src
    http-request set-var(txn.place_ip) str(),concat(,txn.ip,),crc32,mod(10000)
    http-request set-var(txn.place_uid) url_param(uid),crc32,mod(10000) if { url_param(uid) -m found }
    http-request set-var(txn.method) url_param(method) if { path / /gateway /gateway/ }
    http-request set-var(txn.method) path,regsub(^/gateway/,),regsub(/$,) if { path_beg /gateway/ } !{ path /gateway/ }
${[...paths].map(([path, name]) => `    http-request set-var(txn.method) str(${name}) if { path ${path} ${path}/ }\n`).join('')}${rules.map(sideLines).join('')}    default_backend move_old

backend move_old
    server old ${serverOf(servers.old)}

backend move_new
    server new ${serverOf(servers.new)}
`
}

function serverOf(url: URL): string {
  return `${addressOf(url)}${url.protocol === 'https:' ? ` ssl verify required ca-file @system-ca sni str(${url.hostname})` : ''}`
}

function sideLines(rule: SplitRule): string {
  const ours = `{ var(txn.method) -m str ${rule.names.join(' ')} }`
  const whose = rule.app === '' ? ours : `${ours} { var(txn.app) -m str ${rule.app} }`
  const within = isWhole(rule) ? '' : ` { var(txn.place_${rule.by}) -m int lt ${rule.share} }`
  const toNew = rule.share === 0 ? '' : `    use_backend move_new if ${whose}${within}\n`
  // Else the route of all applications would count.
  return rule.app === '' ? toNew : `${toNew}    use_backend move_old if ${whose}\n`
}
