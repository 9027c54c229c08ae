import { expect } from 'chai'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { requireProgram } from '../../servers/available.js'
import { withGateway } from '../../suite.js'
import { signParameters } from '../../harness.js'

const run = promisify(execFile)

withGateway('a multipart form to a method that takes no file', (gateway) => {
  const signed = (params: Record<string, string>) => {
    const all = { method: 'web.passport.modifyLikeBrand', ...params }
    return { ...signParameters(gateway.web, all, gateway.clock.now()) }
  }
  const post = (body: FormData) => gateway.request('/gateway', { method: 'POST', body })
  const formOf = (params: Record<string, string>) => {
    const form = new FormData()
    for (const [name, value] of Object.entries(params)) form.append(name, value)
    return form
  }

  it('holds its parameters, also beside those of the query, on both wires', async () => {
    const { uid } = await gateway.addUser()
    const params = signed({ uid: String(uid), brand: '安踏 &=+%41' })
    expect((await post(formOf(params))).json?.code).to.equal(200)
    const { method = '', ...rest } = params
    const body = formOf(rest)
    expect(
      (await gateway.request(`/gateway?method=${method}`, { method: 'POST', body })).json?.code,
    ).to.equal(200)
    const shown = await gateway.call('web.passport.getLikeBrand', { uid: String(uid) })
    expect(shown.text).to.include('安踏 &=+%41')
    const user = await gateway.addUser()
    const login = formOf({ perm_key: await user.startSession() })
    const rest2 = await gateway.request('/front/account/login/logout', { method: 'POST', body: login })
    expect(rest2.json?.['status']).to.equal(200)
  })

  it('is what PHP sends when its curl is given an array', async function () {
    requireProgram(this, 'php')
    const { uid } = await gateway.addUser()
    const fields = JSON.stringify(signed({ uid: String(uid), brand: '特步' }))
    const script =
      '$c = curl_init($argv[1]); curl_setopt($c, CURLOPT_RETURNTRANSFER, true);' +
      'curl_setopt($c, CURLOPT_POSTFIELDS, json_decode($argv[2], true)); echo curl_exec($c);'
    const { stdout } = await run('php', ['-r', script, `${gateway.url}/gateway`, fields])
    expect(JSON.parse(stdout)).to.include({ code: 200 })
  })

  it('is refused with a file, when it is too large, cut or no form', async () => {
    const withFile = formOf(signed({ uid: '1' }))
    withFile.append('picture', new Blob(['x'.repeat(100_000)]), 'a.png')
    expect((await post(withFile)).status).to.equal(415)
    const large = formOf(
      Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`f${at}`, 'x'.repeat(10_000)])),
    )
    expect((await post(large)).status).to.equal(413)
    const long = formOf({ ...signed({ uid: '1' }), brand: 'x'.repeat(17_000) })
    expect((await post(long)).json?.code).to.equal(413)
    const many = formOf(Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`f${at}`, 'x'])))
    expect((await post(many)).json?.code).to.equal(413)
    const headers = { 'Content-Type': 'multipart/form-data; boundary=x' }
    const broken = await gateway.request('/gateway', { method: 'POST', body: 'a=b', headers })
    expect(broken.json).to.include({ code: 413, message: '参数错误' })
  })
})
