import { expect } from 'chai'
import type { HttpAnswer } from '../../fetch-answer.js'
import { signParameters } from '../../harness.js'
import { withGateway } from '../../suite.js'

const form = (params: Record<string, string>) => new URLSearchParams(params).toString()
const outline = ({ status, text }: HttpAnswer) => `${status} ${text}`
const refused = '200 {"code":500,"message":"数据验证错误."}'

withGateway('a method by its path, /gateway/NAME', { NODE_ENV: 'development' }, (gateway) => {
  const method = 'web.passport.getUserHabits'
  const path = `/gateway/${method}`
  let uid: string
  let found: string
  before(async () => {
    uid = String((await gateway.addUser()).uid)
    found = `200 {"code":200,"data":{"uid":${uid},"shopping":"","dress":""},"message":"成功"}`
  })
  const post = (target: string, body: string, type: string) =>
    gateway.request(target, { method: 'POST', body, headers: { 'Content-Type': type } })

  it('answers by GET and POST, with parameters in the query, a form or JSON', async () => {
    const answers = [
      await gateway.request(`${path}?uid=${uid}`),
      await gateway.request(`${path}/?uid=${uid}`),
      await post(`${path}?uid=${uid}`, '', 'application/x-www-form-urlencoded'),
      await post(path, form({ uid }), 'application/x-www-form-urlencoded'),
      await post(path, JSON.stringify({ uid: Number(uid) }), 'application/json'),
    ]
    expect([...new Set(answers.map(outline))]).to.deep.equal([found])
  })

  it('takes the signature that the same call has on /gateway, where the name is signed', async () => {
    const signed = signParameters(gateway.web, { method, uid })
    const { method: _, ...unnamed } = signed
    expect(outline(await gateway.request(`/gateway?${form(signed)}`))).to.equal(found)
    expect(outline(await gateway.request(`${path}?${form(unnamed)}`))).to.equal(found)
    expect(outline(await gateway.request(`${path}?${form(signed)}`))).to.equal(found)
    expect(outline(await post(path, form(unnamed), 'application/x-www-form-urlencoded'))).to.equal(found)
    const nameless = signParameters(gateway.web, { uid })
    expect(outline(await gateway.request(`${path}?${form(nameless)}`))).to.equal(refused)
  })

  it('takes the newer signature too', async () => {
    const app = await gateway.addApp({ scheme: 'hmac-sha256' })
    const { method: _, ...unnamed } = signParameters(app, { method, uid })
    expect(outline(await gateway.request(`${path}?${form(unnamed)}`))).to.equal(found)
    expect(
      outline(await gateway.request(`${path}?${form(signParameters(app, { method: 'x', uid }))}`)),
    ).to.match(/^200 \{"code":413,/)
  })

  it('lets no signature of one method open another', async () => {
    const { method: _, ...unnamed } = signParameters(gateway.web, { method, uid })
    const other = await gateway.request(`/gateway/web.passport.getUserContacts?${form(unnamed)}`)
    expect(outline(other)).to.equal(refused)
  })

  it('wants a method that is sent too to be the same one, under whichever of its names', async () => {
    expect(outline(await gateway.request(`${path}?method=${method}&uid=${uid}`))).to.equal(found)
    const names = ['web.passport.changeEmail', 'web.passport.changeVerifyEmail'] as const
    for (const [named, sent] of [names, names.toReversed()] as const) {
      const call = form(signParameters(gateway.web, { method: sent ?? '', code: 'x' }))
      expect(outline(await gateway.request(`/gateway/${named}?${call}`))).to.match(/^200 \{"code":404,/)
    }
    const others = ['web.passport.getUserContacts', 'no.such.method', method.toUpperCase(), '']
    for (const sent of others) {
      const answers = [
        await gateway.request(`${path}?method=${sent}&uid=${uid}`),
        await post(path, form({ method: sent, uid }), 'application/x-www-form-urlencoded'),
      ]
      for (const answer of answers) {
        expect(outline(answer)).to.equal('200 {"code":413,"message":"参数错误"}')
        expect(answer.headers.get('x-error-detail')).to.equal('method: is not the method that the path names')
      }
    }
  })

  it('is answered as method= is where no method has the name', async () => {
    const unknown = await gateway.request('/gateway?method=no.such.method')
    for (const name of ['no.such.method', 'no.such.method/', 'constructor', `${method}/x`, 'web', '%77eb']) {
      const answer = await gateway.request(`/gateway/${name}?uid=${uid}`)
      expect(outline(answer), name).to.equal(outline(unknown))
      expect(answer.headers.get('x-error-detail')).to.equal(unknown.headers.get('x-error-detail'))
    }
  })

  it('reads what the method reads, be it on a REST path too', async () => {
    const signedIn = await (await gateway.addUser({ nickname: 'Ann' })).startSession()
    const { json } = await gateway.request('/gateway/front.account.user.info', {
      headers: { Authorization: `Bearer ${signedIn}` },
    })
    expect(json).to.include({ code: 200 })
    const xml = await post('/gateway/front.account.wechat.index?signature=x', '<xml/>', 'text/xml')
    expect(outline(xml)).to.equal('403 ')
    expect((await post(path, '<xml/>', 'text/xml')).status).to.equal(415)
  })

  it('has a callback where the method has one, and no verb but GET and POST', async () => {
    const jsonp = await gateway.request(
      `/gateway/open.passport.get?uid=${uid}&return_type=jsonp&callback=show`,
    )
    expect(jsonp.text).to.match(/^show\(\{.*\}\)$/)
    expect((await gateway.request(path, { method: 'PUT' })).status).to.equal(405)
  })
})
