import type { ClientApp } from '../../services/apps/apps.js'
import { escapeHtml } from '../../wire/html.js'
import { descriptionPath } from '../openapi.js'
import { type demoUsers, demoPassword, shownUser } from './demo-users.js'
import type { StartTexts } from './texts.js'

const get = `gateway?method=open.passport.get&uid=${shownUser}`
const getByPath = `gateway/open.passport.get?uid=${shownUser}`
const send = 'gateway?method=web.passport.sendcode&area=86&mobile=13912345678'

/** Addresses on the page are relative: the gateway may stand below a path of somebody's application. */
function linkTo(address: string, text: string): string {
  return `<a href="./${escapeHtml(address)}">${text}</a>`
}

function code(text: string): string {
  return `<code>${escapeHtml(text)}</code>`
}

/** A first call to click or, where calls are signed, how to make one. */
export function showCalls(texts: StartTexts, isUnsigned: boolean): string {
  if (!isUnsigned)
    return section(
      texts.first,
      `<p>${texts.signed}</p>\n<pre>${code(`npm run cli -- sign make --app web method=open.passport.get uid=${shownUser}`)}</pre>`,
    )
  const calls = [
    `${texts.get}${texts.colon}${linkTo(get, code(`/${get}`))}`,
    `${texts.byPath}${texts.colon}${linkTo(getByPath, code(`/${getByPath}`))}`,
    `${texts.send}${texts.colon}${linkTo(send, code(`/${send}`))}<br>${texts.inOutbox}`,
  ]
  return section(texts.first, `<p>${texts.open}</p>\n${list(calls)}`)
}

/** What else can be opened. */
export function showPlaces(texts: StartTexts, isDevelopment: boolean): string {
  const outbox = `${linkTo('outbox', texts.outbox)}${texts.colon}${texts.outboxHint}`
  const places = [
    `${linkTo('console', texts.console)}${texts.colon}${texts.consoleHint}`,
    ...(isDevelopment ? [outbox] : []),
    `${linkTo(descriptionPath.slice(1), texts.description)}${texts.colon}${texts.descriptionHint}`,
    [
      linkTo('healthz', texts.health),
      linkTo('readyz', texts.ready),
      ...(isDevelopment ? [linkTo('metrics', texts.metrics)] : []),
    ].join(' · '),
  ]
  return section(texts.look, list(places))
}

interface DemoData {
  readonly users: readonly (typeof demoUsers)[number][]
  readonly applications: readonly ClientApp[]
}

/** Who can be signed in as, and who can sign. */
export function showDemoData(texts: StartTexts, { users, applications }: DemoData): string {
  const shownUsers = table(
    [texts.uid, texts.account],
    users.map(({ uid, account }) => [String(uid), account]),
  )
  const shownApps = table(
    [texts.name, texts.scheme, texts.trust],
    applications.map(({ name, scheme, trust }) => [name, scheme, trust]),
  )
  const add = code("npm run cli -- app add web --scheme legacy --trust server --grant 'web.*,app.*,open.*'")
  const administrator = code(`npm run cli -- admin add ${users[0]?.account ?? ''}`)
  const rotate = code('npm run cli -- app rotate web')
  return section(
    texts.demo,
    [
      ...(users.length > 0
        ? [
            `<h3>${texts.users}</h3>`,
            `<p>${texts.password} ${code(demoPassword)}${texts.stop}</p>`,
            shownUsers,
            `<p>${texts.administrator}</p>\n<pre>${administrator}</pre>`,
          ]
        : []),
      `<h3>${texts.applications}</h3>`,
      ...(applications.length > 0
        ? [shownApps, `<p>${texts.secrets}</p>\n<pre>${rotate}</pre>`]
        : [`<p>${texts.noApplications}</p>\n<pre>${add}</pre>`]),
    ].join('\n'),
  )
}

/** Files beside the program, which serves none of them. */
export function showDocuments(texts: StartTexts): string {
  const names = ['README.md', 'docs/security.md', 'docs/errors.md', 'docs/administer.md', 'docs/deploy.md']
  return section(
    texts.documents,
    `<p>${texts.documentsHint}${texts.colon}${names.map(code).join(texts.comma)}</p>`,
  )
}

function section(title: string, body: string): string {
  return `<section>\n<h2>${title}</h2>\n${body}\n</section>`
}

function list(items: readonly string[]): string {
  return `<ul>\n${items.map((item) => `<li>${item}</li>`).join('\n')}\n</ul>`
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join('')
  const body = rows.map((cells) => `<tr>${cells.map((text) => `<td>${escapeHtml(text)}</td>`).join('')}</tr>`)
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`
}
