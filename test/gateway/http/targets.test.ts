import { expect } from 'chai'
import { connect } from 'node:net'
import { pathOf, plainTarget } from '../../../gateway/http/edge.js'
import type { TestGateway } from '../../harness.js'
import { withGateway } from '../../suite.js'

describe('the path of a request target', () => {
  const paths: Readonly<Record<string, readonly string[]>> = {
    '/gateway': [
      '/gateway',
      '/gateway?a=//b',
      '//gateway',
      '///gateway?x',
      'http://host/gateway?a',
      'HTTPS://h:1//gateway',
    ],
    '/front/a': ['/front/a', '//front/a', 'http://host/front/a'],
    '/front//a': ['/front//a', '//front//a?b//c'],
    '/': ['/', '//', 'http://host', 'http://host?a=b', '/?a'],
    '*': ['*'],
  }
  for (const [path, targets] of Object.entries(paths))
    it(`is ${path} in every form`, () => {
      for (const target of targets) expect(pathOf(target), target).to.equal(path)
    })

  it('leaves the query as it is', () => {
    expect(plainTarget('http://host//a?u=http://b//c?d')).to.equal('/a?u=http://b//c?d')
    expect(plainTarget('/a?u=//b')).to.equal('/a?u=//b')
  })
})

/** The status line and the body of an answer to a request line that no client of Node's would send. */
function ask(gateway: TestGateway, target: string, more = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(gateway.server.port, '127.0.0.1')
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    socket.on('end', () => resolve(text)).on('error', reject)
    socket.write(
      `${more === '' ? 'GET' : 'POST'} ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${more}\r\n`,
    )
  })
}

withGateway('a request target', { NODE_ENV: 'development' }, (gateway) => {
  const query = 'method=open.passport.get&uid=987654321'

  it('finds the gateway, the REST paths and the pages in every form', async () => {
    for (const target of [`http://example.com/gateway?${query}`, `//gateway?${query}`, `/gateway?${query}`])
      expect(await ask(gateway, target), target).to.include('10010')
    for (const target of ['http://example.com/front/sys/config/info', '//front/sys/config/info'])
      expect(await ask(gateway, target), target).to.include('"status":200')
    for (const target of ['http://example.com/healthz', '//healthz'])
      expect(await ask(gateway, target), target).to.include('{"status":"ok"}')
  })

  it('is answered 404 at once where nothing is behind it, whatever body is announced', async () => {
    // The body never comes.
    for (const target of ['/front/no/such', '/nothing', 'http://example.com/nothing'])
      for (const type of ['application/pdf', 'multipart/form-data; boundary=x', 'application/json'])
        expect(
          await ask(gateway, target, `Content-Type: ${type}\r\nContent-Length: 1000\r\n`),
          target,
        ).to.match(/^HTTP\/1.1 404/)
  })
})
