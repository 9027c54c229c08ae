import { expect } from 'chai'
import type { MethodName } from '../../gateway/contract/method.js'
import { contractDocuments } from '../../schemas/contracts.js'
import { loginRequired as signInFirst, permissionDenied as denied } from '../answers.js'
import type { HttpAnswer } from '../fetch-answer.js'
import { startGateway, type TestGateway } from '../harness.js'
import { manyMessages } from '../methods/front/account/userMessage/message-users.js'
import { addAdmin } from '../methods/manage/account/administrators.js'
import { onEachDatabase } from '../servers/databases.js'
import { toCamel, toSnake } from './account-document.js'
import { alsoNeeded, idName, idsOf, nobodysIds } from './id-parameters.js'
import { addOwner, handInCertificate, makeRows, openSnapshots, type Owner } from './owned-rows.js'

/** The site's catalogues, and what shows each caller the own rows: their own tests look at who may. */
const ofNobody =
  /^manage\.account\.(user(Level|TagBase|TagGroup)\.|userMessage\.(get|clear)Notice$|userInfo\.getUserData$)/

/** They make a user, take the owner away, or want a row of another kind: their own tests look at what they do. */
const doesElsewhere = /^manage\.account\.(userInfo\.(add|remove)|userMessage\.edit)$/

/** Ids that a method needs where another is looked at: it would be refused without. */
const messageReceiver: Readonly<Partial<Record<MethodName, readonly string[]>>> = {
  'front.account.userMessage.add': ['user_other_id'],
}

/**
 * Methods whose ids name somebody whom everybody may see: whom a chat is with (account-beside.md §7.3). Their own tests
 * look at what is shown.
 */
const showingAnybody: ReadonlySet<string> = new Set(['front.account.userMessage.getImConfig'])

type Params = Readonly<Record<string, string>>

/** A way in which a call may arrive; undefined where the method does not take it. */
type Send = (method: MethodName, params: Params, token: string) => Promise<HttpAnswer> | undefined

onEachDatabase("another user's row", function (database) {
  this.timeout(60_000)
  let gateway: TestGateway
  let owner: Owner
  let stranger: Owner
  let partner: Owner
  let snapshot: (userId: number) => Promise<string>
  before(async () => {
    gateway = await startGateway(database, manyMessages)
    owner = await addOwner(gateway, 'of-the-owner')
    stranger = await addOwner(gateway, 'of-a-stranger')
    partner = await addOwner(gateway, 'of-the-partner')
    snapshot = await openSnapshots(gateway.db)
  })
  after(() => gateway?.close())

  const request = (method: MethodName, query: string, init: RequestInit) =>
    gateway.request(`/${method.replaceAll('.', '/')}?${query}`, init)
  const takes = (method: MethodName, verb: string) =>
    contractDocuments[method]['x-verbs']?.includes(verb) ?? true
  const asForm = (params: Params, token: string) => new URLSearchParams({ ...params, perm_key: token })
  const spelt = (params: Params, spell: (name: string) => string) =>
    Object.fromEntries(Object.entries(params).map(([name, value]) => [spell(name), value]))
  const inQuery =
    (spell: (name: string) => string): Send =>
    (method, params, token) =>
      request(method, asForm(spelt(params, spell), token).toString(), {
        method: takes(method, 'GET') ? 'GET' : 'POST',
      })
  const inForm =
    (spell: (name: string) => string): Send =>
    (method, params, token) =>
      takes(method, 'POST')
        ? request(method, '', { method: 'POST', body: asForm(spelt(params, spell), token) })
        : undefined

  const ways: Readonly<Record<string, Send>> = {
    'snake_case in the query': inQuery(toSnake),
    'camelCase in the query': inQuery(toCamel),
    'snake_case in a form': inForm(toSnake),
    'camelCase in a form': inForm(toCamel),
    'in a JSON body': (method, params, token) =>
      takes(method, 'POST')
        ? request(method, '', {
            method: 'POST',
            headers: { 'Content-Type': 'application/json', Authorization: token },
            body: JSON.stringify(params),
          })
        : undefined,
    'through /gateway': (method, params, token) => gateway.call(method, { ...params, access_token: token }),
  }

  /** The ids that a method must have, the caller's own, but for the one that is looked at. */
  const otherIds = (method: MethodName, looked: string, own: Readonly<Record<string, number | string>>) => {
    const required = contractDocuments[method].required.map(toSnake)
    const needed = [...required, ...(messageReceiver[method] ?? [])].filter(
      (name) => name !== looked && idName.test(name),
    )
    return Object.fromEntries(needed.map((name) => [name, String(own[name])]))
  }

  /** A call reads or changes what the owner has: if none did, that a stranger's does not would say nothing. */
  async function expectReached(method: MethodName, params: Params, token: string): Promise<void> {
    const before = await snapshot(owner.uid)
    const answer = await inQuery(toSnake)(method, params, token)
    // A session has no text of its own.
    const isRead = [owner.mark, `"user_id":${owner.uid},`].some((mark) => answer?.text.includes(mark))
    const isReached = isRead || (await snapshot(owner.uid)) !== before
    expect(isReached, `alsoNeeded says what else ${method} needs: ${answer?.text}`).to.equal(true)
  }

  for (const [method, parameter] of idParameters(/^front\./)) {
    it(`is neither read nor changed by ${parameter} of ${method}`, async () => {
      const own = await makeRows(gateway, stranger, partner)
      const rows = await makeRows(gateway, owner, partner)
      const id =
        rows[parameter] ?? expect.fail(`owned-rows.ts makes no row that ${parameter} of ${method} names`)
      const fields = { ...alsoNeeded[method], ...otherIds(method, parameter, own) }
      // Whose row it is said to be means nothing.
      const claim = { perm_id: String(owner.uid), user_id: String(owner.uid), userId: String(owner.uid) }
      const before = await snapshot(owner.uid)
      for (const value of [id, `${own[parameter]},${id}`, `${id},${own[parameter]}`, `0${id}`])
        for (const [way, send] of Object.entries(ways)) {
          const params = { ...fields, ...claim, [parameter]: String(value) }
          const answer = await send(method, params, stranger.token)
          expect(answer?.text ?? '', `${way}: ${value}`).not.to.include(owner.mark)
          expect(await snapshot(owner.uid), `${way}: ${value}`).to.equal(before)
        }
      const twice = new URLSearchParams({ ...fields, perm_key: stranger.token })
      for (const name of [toSnake(parameter), toCamel(parameter)])
        for (const value of [own[parameter], id]) twice.append(name, String(value))
      const answer = await request(method, twice.toString(), {
        method: takes(method, 'GET') ? 'GET' : 'POST',
      })
      expect(answer.text, 'both ids, in both spellings').not.to.include(owner.mark)
      expect(await snapshot(owner.uid), 'both ids, in both spellings').to.equal(before)
    })

    it(`is reached by its owner by ${parameter} of ${method}`, async () => {
      const rows = await makeRows(gateway, owner, partner)
      const fields = { ...alsoNeeded[method], ...otherIds(method, parameter, rows) }
      const params = { ...fields, [parameter]: String(rows[parameter]) }
      await expectReached(method, params, owner.token)
    })
  }

  for (const method of methodsOf(/^manage\.account\./).filter((name) => !ofNobody.test(name)))
    it(`is out of reach of ${method} without its permission`, async () => {
      const rows = await makeRows(gateway, owner, partner)
      const ids = idsOf(method).filter((parameter) => !nobodysIds.has(parameter))
      const named = ids.map((parameter) => {
        const id =
          rows[parameter] ?? expect.fail(`owned-rows.ts makes no row that ${parameter} of ${method} names`)
        return [parameter, String(id)] as const
      })
      const params = { ...alsoNeeded[method], ...Object.fromEntries(named) }
      const before = await snapshot(owner.uid)
      for (const [way, send] of Object.entries(ways)) {
        const isRest = way !== 'through /gateway'
        // Not even his own row: what is asked for is the permission.
        for (const user of [stranger, owner]) {
          const refused = await send(method, params, user.token)
          if (refused && isRest) expect(refused.text, way).to.equal(denied)
          if (refused) expect(refused.text, way).not.to.include(owner.mark)
        }
        const unknown = await send(method, params, '')
        if (unknown && isRest) expect(unknown.text, way).to.equal(signInFirst)
        if (unknown) expect(unknown.text, way).not.to.include(owner.mark)
        expect(await snapshot(owner.uid), way).to.equal(before)
      }
    })

  const reaching = methodsOf(/^manage\.account\./).filter((name) => !ofNobody.test(name) && !doesElsewhere.test(name))
  for (const method of reaching)
    it(`is reached by an administrator by ${method}`, async () => {
      // A user may keep a hundred of them.
      await gateway.db('account_user_invoice').where({ user_id: owner.uid }).delete()
      const rows = await makeRows(gateway, owner, partner)
      await handInCertificate(gateway, owner)
      const ids = idsOf(method).filter((parameter) => !nobodysIds.has(parameter))
      const params = {
        ...alsoNeeded[method],
        ...Object.fromEntries(ids.map((parameter) => [parameter, String(rows[parameter])])),
      }
      const { token } = await addAdmin(gateway)
      await expectReached(method, params, token)
    })
})

function methodsOf(pattern: RegExp): MethodName[] {
  return (Object.keys(contractDocuments) as MethodName[]).filter((method) => pattern.test(method))
}

/** Every method with every parameter of its own that names what a user owns. */
function idParameters(pattern: RegExp): (readonly [MethodName, string])[] {
  return methodsOf(pattern).flatMap((method) =>
    idsOf(method)
      .filter((name) => !nobodysIds.has(name) && !showingAnybody.has(method))
      .map((name) => [method, name] as const),
  )
}
