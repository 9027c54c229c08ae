import { expect } from 'chai'
import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { MoveRouteRow } from '../../../../db/move-routes.js'
import { haproxyConfiguration } from '../../../../gateway/move/split/haproxy.js'
import { nginxConfiguration } from '../../../../gateway/move/split/nginx.js'
import { callerPlace } from '../../../../gateway/move/switch/route-table.js'
import { requireProgram } from '../../../servers/available.js'
import { freePort, type RunningProcess, runToEnd, startProcess } from '../../../servers/processes/process.js'
import { useFolder } from '../../../suite.js'

const route = (given: Partial<MoveRouteRow> & { method: string }): MoveRouteRow => ({
  app: '',
  share: 10_000,
  share_before: 0,
  caller: 'ip',
  common: '',
  created_at: 1,
  changed_at: 1,
  effective_at: 1,
  reason: '',
  ...given,
})
const rows = [
  route({ method: 'web.passport.getUserVerifyInfo' }),
  route({ method: 'web.passport.getUserHabits', app: 'h5' }),
  route({ method: 'web.passport.getUserContacts' }),
  route({ method: 'web.passport.getUserContacts', app: 'android', share: 0 }),
  route({ method: 'front.account.user.info' }),
  route({ method: 'web.passport.changeEmail' }),
  route({ method: 'open.passport.get', share: 5000, caller: 'uid' }),
  route({ method: 'web.passport.sendcode', share: 0 }),
]

/** Paths, and which server is to answer them. */
const expected: Readonly<Record<string, 'old' | 'new'>> = {
  '/gateway?method=web.passport.getUserVerifyInfo&uid=1': 'new',
  '/?uid=1&method=web.passport.getUserVerifyInfo': 'new',
  '/gateway/web.passport.getUserVerifyInfo?uid=1': 'new',
  '/gateway?method=web.passport.getUserVerifyInfoX': 'old',
  '/other?method=web.passport.getUserVerifyInfo': 'old',
  '/gateway?method=web.passport.sendcode': 'old',
  '/gateway?method=web.passport.getUserHabits&client_type=h5': 'new',
  '/gateway?method=web.passport.getUserHabits&app_key=h5&client_type=android': 'new',
  '/gateway?method=web.passport.getUserHabits&client_type=android': 'old',
  '/gateway?method=web.passport.getUserContacts&client_type=android': 'old',
  '/gateway?method=web.passport.getUserContacts&client_type=h5': 'new',
  '/gateway?method=web.passport.changeVerifyEmail': 'new',
  '/gateway?method=open.passport.get': 'old',
  '/front/account/user/info': 'new',
  '/front/account/user/info/?perm_id=1': 'new',
  '/front/account/user/edit': 'old',
  '/': 'old',
}

describe('The split of calls without "move proxy"', () => {
  const folder = useFolder('split')
  const servers: Server[] = []
  const urls: URL[] = []
  before(async () => {
    for (const side of ['old', 'new']) {
      const server = createServer((_, answer) => void answer.end(side))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      servers.push(server)
      urls.push(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
    }
  })
  after(() => servers.forEach((server) => server.close().closeAllConnections()))

  const sideOf = async (port: number, path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text()
  const check = async (port: number) => {
    const found: Record<string, string> = {}
    for (const path of Object.keys(expected)) found[path] = await sideOf(port, path)
    expect(found).to.deep.equal(expected)
    // A plain proxy does not see what stands in a body.
    const form = new URLSearchParams({ method: 'web.passport.getUserVerifyInfo' })
    const posted = await fetch(`http://127.0.0.1:${port}/gateway`, { method: 'POST', body: form })
    expect(await posted.text()).to.equal('old')
  }
  const sidesByUid = async (port: number) => {
    const uids = Array.from({ length: 60 }, (_, at) => String(5_357_305 + at * 13))
    return Promise.all(
      uids.map(
        async (uid) => [uid, await sideOf(port, `/gateway?method=open.passport.get&uid=${uid}`)] as const,
      ),
    )
  }
  const [old, candidate] = [() => urls[0] ?? new URL('http://none'), () => urls[1] ?? new URL('http://none')]

  it('is understood by nginx, and done by it', async function () {
    const nginx = requireProgram(this, 'nginx')
    const port = await freePort()
    const site = nginxConfiguration(rows, { old: old(), new: candidate() })
    const own = site.replace('listen 8090;', `listen 127.0.0.1:${port};`)
    mkdirSync(join(folder.path, 'tmp'), { recursive: true })
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${join(folder.path, 'tmp', name)};`)
      .join('\n')
    const file = folder.write(
      'nginx.conf',
      `daemon off;\npid ${join(folder.path, 'pid')};\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${temporary}\n${own}}\n`,
    )
    await runToEnd({ command: nginx, args: ['-t', '-p', folder.path, '-c', file] })
    const running = await start(nginx, ['-p', folder.path, '-c', file], port)
    try {
      await check(port)
      const sides = (await sidesByUid(port)).map(([, side]) => side)
      expect(sides).to.include('old').and.to.include('new')
    } finally {
      await running.stop()
    }
  })

  it('is understood by HAProxy, and done by it, by the same callers', async function () {
    const haproxy = requireProgram(this, 'haproxy')
    const port = await freePort()
    const text = haproxyConfiguration(rows, { old: old(), new: candidate() })
    const file = folder.write('haproxy.cfg', text.replace('bind :8090', `bind 127.0.0.1:${port}`))
    await runToEnd({ command: haproxy, args: ['-c', '-f', file] })
    const running = await start(haproxy, ['-db', '-f', file], port)
    try {
      await check(port)
      for (const [uid, side] of await sidesByUid(port))
        expect(side, uid).to.equal(callerPlace(uid) < 5000 ? 'new' : 'old')
    } finally {
      await running.stop()
    }
  })
})

/** Waits until it answers. */
function start(command: string, args: readonly string[], port: number): Promise<RunningProcess> {
  return startProcess({ command, args: [...args] }, async () => (await fetch(`http://127.0.0.1:${port}/`)).ok)
}
