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

/** The routes as nginx's own configuration, for its `http` block. Application names are quoted; they hold no quotes. */
export function nginxConfiguration(rows: readonly MoveRouteRow[], servers: SplitServers): string {
  const rules = splitRules(rows)
  const paths = methodsByPath(rules)
  return `${splitHead}# nginx tells callers apart by a hash of its own: of a share, others go to the new server than through "move proxy".
upstream move_old {
    server ${addressOf(servers.old)} max_fails=0;
    keepalive 64;
}
upstream move_new {
    server ${addressOf(servers.new)} max_fails=0;
    keepalive 64;
}
map $move_side $move_scheme {
    move_old ${servers.old.protocol.slice(0, -1)};
    move_new ${servers.new.protocol.slice(0, -1)};
}
map $arg_app_key $move_app {
    "" $arg_client_type;
    default $arg_app_key;
}
map $uri $move_method {
    / $arg_method;
    /gateway $arg_method;
    /gateway/ $arg_method;
    "~^/gateway/(?<move_named>[A-Za-z.]+)/?$" $move_named;
${[...paths].map(([path, name]) => `    ${path} ${name};\n    ${path}/ ${name};\n`).join('')}    default "";
}
${shares(rules).map(splitBlock).join('')}map "$move_method $move_app" $move_side {
${rules.map(sideLines).join('')}    default move_old;
}
server {
    listen 8090;
    client_max_body_size 0;
    location / {
        proxy_pass $move_scheme://$move_side;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_connect_timeout 1s;
        proxy_buffering off;
        proxy_request_buffering off;
    }
}
`
}

type Share = Pick<SplitRule, 'share' | 'by'>

function shares(rules: readonly SplitRule[]): Share[] {
  const parts = rules.filter((rule) => !isWhole(rule))
  return [...new Map(parts.map((rule) => [variableOf(rule), rule])).values()]
}

function variableOf({ share, by }: Share): string {
  return `$move_${by}_${share}`
}

/** A caller without a name stays at the old server. */
function splitBlock(rule: Share): string {
  const text = rule.by === 'uid' ? '$arg_uid' : '$remote_addr'
  const percent = `${rule.share / 100}%`
  const split = `split_clients ${text} ${variableOf(rule)}_any {\n    ${percent} move_new;\n    * move_old;\n}\n`
  return `${split}map ${text} ${variableOf(rule)} {\n    "" move_old;\n    default ${variableOf(rule)}_any;\n}\n`
}

function sideLines(rule: SplitRule): string {
  const side = isWhole(rule) ? (rule.share === 0 ? 'move_old' : 'move_new') : variableOf(rule)
  // Whole texts come before expressions, so that an application's own route counts first.
  return rule.names
    .map((name) => {
      const key = rule.app === '' ? `"~^${name.replaceAll('.', '\\.')} "` : `"${name} ${rule.app}"`
      return `    ${key} ${side};\n`
    })
    .join('')
}
