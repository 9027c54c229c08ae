import { expect } from 'chai'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { readAnswerText } from '../../../gateway/services/answer-text.js'

const most = 64 * 1024
const part = Buffer.alloc(64 * 1024, 'a')

describe('the text of an answer', () => {
  let server: Server
  let url: string
  let written = 0
  let closed: Promise<unknown> | undefined
  before(async () => {
    server = createServer((request, response) => {
      if (request.url === '/packed') {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(100 * most)))
        return
      }
      written = 0
      closed = once(response, 'close')
      const write = (): void => {
        while (response.write(part)) written += part.length
      }
      response.on('drain', write)
      write()
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  const refusalOf = async (path: string): Promise<unknown> =>
    readAnswerText(await fetch(url + path)).catch((error: unknown) => error)

  it('is read as it is, up to 64 KiB', async () => {
    for (const text of ['', 'a', '{"名":"小明 🌸"}', 'a'.repeat(most)])
      expect(await readAnswerText(new Response(text))).to.equal(text)
    expect(await readAnswerText(new Response(null, { status: 204 }))).to.equal('')
    const longer: unknown = await readAnswerText(new Response('a'.repeat(most + 1))).catch((error) => error)
    expect(longer).to.be.instanceOf(Error).and.to.include({ message: 'an answer too long' })
  })

  it('is cut off, and the connection closed, when it does not end', async () => {
    expect(await refusalOf('/endless')).to.include({ message: 'an answer too long' })
    await closed
    expect(written).to.be.below(16 * 1024 * 1024)
  })

  it('is measured unpacked', async () => {
    expect(await refusalOf('/packed')).to.include({ message: 'an answer too long' })
  })
})
