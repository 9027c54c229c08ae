import { expect } from 'chai'
import { prepared, withGateway } from '../../../suite.js'
import { check, failuresOf, kindsOf } from './checked-server.js'
import { type MangledAnswer, startManglingProxy } from './mangling-proxy.js'

type Mangle = (answer: MangledAnswer) => void

/** Changes the text of a body. */
function inText(change: (text: string) => string): Mangle {
  return (answer) => {
    answer.body = Buffer.from(change(answer.body.toString('utf8')))
  }
}

/** Chinese as a server of another charset writes it: two bytes a character, which are no UTF-8. */
const inAnotherCharset: Mangle = (answer) => {
  const text = answer.body.toString('utf8').replaceAll(/\P{ASCII}/gu, '\u00b2\u00e2')
  answer.body = Buffer.from(text, 'latin1')
}

/** What a faulty server or proxy does to answers, and the name under which it must be told. */
const faults: Readonly<Record<string, readonly [kind: string, mangle: Mangle]>> = {
  'a number as text': ['string-number', inText((text) => text.replace(/"uid":(\d+)/, '"uid":"$1"'))],
  'the code as text': ['string-number', inText((text) => text.replace(/"code":(\d+)/, '"code":"$1"'))],
  'another text': ['text', inText((text) => text.replace('uid不能为空', '用户不能为空'))],
  'another code': ['code', inText((text) => text.replace('"code":421', '"code":400'))],
  'the envelope in another order': [
    'key-order',
    inText((text) => text.replace(/^\{"code":(\d+),"message":("[^"]*")\}$/, '{"message":$2,"code":$1}')),
  ],
  'a field that is missing': ['missing-field', inText((text) => text.replace(/"emailVerify":"N",/, ''))],
  'a field in the envelope too many': ['extra-field', inText((text) => text.replace(/\}$/, ',"trace":"x"}'))],
  'null for an empty text': ['null-empty', inText((text) => text.replace('"email":""', '"email":null'))],
  'another status': [
    'status',
    (answer) => {
      answer.status = answer.status === 200 ? 500 : answer.status
    },
  ],
  'another type': [
    'header',
    (answer) => {
      answer.headers['content-type'] = 'text/plain'
    },
  ],
  'another charset in the type': [
    'header',
    (answer) => {
      answer.headers['content-type'] = 'application/json;charset=GBK'
    },
  ],
  'another charset in the bytes': ['text', inAnotherCharset],
  'blanks in the JSON': ['spacing', inText((text) => text.replaceAll('":', '": '))],
  'a page in place of the JSON': ['not-json', inText((text) => text.replace(/^.*10010.*$/, '<h1>Oops</h1>'))],
}

withGateway('The contract pack, asked through a proxy that changes answers', (gateway) => {
  const proxy = prepared(
    before,
    () => startManglingProxy(gateway.url),
    ({ close }) => close(),
  )
  let uid = 0
  before(async () => {
    uid = (await gateway.addUser()).uid
  })

  const checkProbe = () =>
    check(proxy.url, {
      signer: gateway.web,
      users: [{ uid }],
      wants: (name) => name === 'web.passport.getUserVerifyInfo',
    })

  it('passes where none is changed', async () => {
    const report = await checkProbe()
    expect(failuresOf(report)).to.deep.equal([])
  })

  for (const [fault, [kind, mangle]] of Object.entries(faults))
    it(`finds ${fault}, and names it ${kind}`, async () => {
      proxy.mangle = mangle
      const report = await checkProbe().finally(() => {
        proxy.mangle = () => {}
      })
      expect(kindsOf(report), failuresOf(report).slice(0, 3).join('\n')).to.deep.equal([kind])
      const [failure] = report.methods.flatMap(({ failures }) => failures)
      expect(failure?.rule.page).to.equal('passport.md')
      expect(failure?.sent).to.match(/^(?:GET|POST) \//)
    })
})
