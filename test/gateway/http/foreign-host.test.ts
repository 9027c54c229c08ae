import { expect } from 'chai'
import { once } from 'node:events'
import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import express from 'express'
import { mountGateway } from '../../../gateway/mount.js'
import { startGateway } from '../../harness.js'
import { withGateway } from '../../suite.js'

/** Unlike fetch, this sends any Host. */
async function ask(url: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  const [response] = await once(get(url, { headers, agent: false }), 'response')
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return { status: response.statusCode, text }
}

const foreign = [
  'passport.example',
  'passport.example:8080',
  'localhost.rebound.example',
  '203.0.113.7',
  'a b',
]
const paths = [
  '/gateway?method=open.passport.get&uid=1',
  '/front/sys/config/info',
  '/outbox',
  '/healthz',
  '/none',
]

withGateway(
  'a development server',
  {
    NODE_ENV: 'development',
    PUBLIC_URL: 'http://public.example',
    DEVELOPMENT_HOSTS: 'Listed.example,fd00::9',
  },
  (gateway, database) => {
    const statusOf = async (headers: Record<string, string>, path = '/healthz') =>
      (await ask(`${gateway.url}${path}`, headers)).status

    it('refuses to answer under a name of another machine, on every path, and says so', async () => {
      for (const Host of foreign)
        for (const path of paths) expect(await statusOf({ Host }, path), `${Host} ${path}`).to.equal(403)
      expect((await ask(`${gateway.url}/gateway`, { Host: 'passport.example' })).text).to.equal(
        '{"code":403,"message":"a development server does not answer as passport.example: set NODE_ENV=production, or list the name in DEVELOPMENT_HOSTS"}',
      )
      const told = gateway.logLines.filter((line) => line.includes('does not answer as passport.example'))
      expect(told).to.have.length(1)
    })

    it('refuses what a proxy says was sent to such a name', async () => {
      expect(await statusOf({ 'X-Forwarded-Host': 'passport.example' })).to.equal(403)
      expect(await statusOf({ 'X-Forwarded-Host': 'localhost, passport.example' })).to.equal(403)
      expect(await statusOf({ 'X-Forwarded-Host': 'localhost:5173' })).to.equal(200)
    })

    it("answers under this machine's names, that of PUBLIC_URL and those of DEVELOPMENT_HOSTS", async () => {
      const addresses = Object.values(networkInterfaces()).flatMap((of) => of ?? [])
      const loopback = ['localhost', 'LOCALHOST:80', 'localhost.', 'shop.localhost:1', '127.1', '[::1]:80']
      const listed = ['public.example:8080', 'listed.example', '[fd00::9]:80', hostname()]
      const machine = addresses.map(({ address, family }) => (family === 'IPv6' ? `[${address}]:1` : address))
      const own = [...loopback, ...listed, ...machine]
      for (const Host of own) expect(await statusOf({ Host }), Host).to.equal(200)
    })

    it('leaves the other pages of an application that it is mounted in alone', async () => {
      const mounted = await mountGateway({ ...gateway.services.config, logLevel: 'silent' })
      const app = express()
      app.use('/passport', mounted.router)
      app.use(mounted.router)
      app.get('/page', (_, response) => void response.send('a page'))
      const server = app.listen(0, '127.0.0.1')
      try {
        await once(server, 'listening')
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
        const asForeign = (path: string) => ask(`${url}${path}`, { Host: 'passport.example' })
        for (const path of [
          '/gateway',
          '/front/sys/config/info',
          '/outbox',
          '/passport',
          '/passport/healthz',
        ])
          expect((await asForeign(path)).status, path).to.equal(403)
        expect(await asForeign('/page')).to.deep.equal({ status: 200, text: 'a page' })
        expect((await ask(`${url}/healthz`, {})).status).to.equal(200)
      } finally {
        server.close()
        await mounted.close()
      }
    })

    it('is the only one that asks: elsewhere every name is answered', async () => {
      const tested = await startGateway(database)
      try {
        expect((await ask(`${tested.url}/healthz`, { Host: 'passport.example' })).status).to.equal(200)
      } finally {
        await tested.close()
      }
    })
  },
)
