import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { listRecord } from '../../../gateway/move/record/files.js'
import { requireProgram } from '../../servers/available.js'
import { type OldGateway, startOldGateway } from '../../servers/old-gateway/old-gateway.js'
import { useFolder } from '../../suite.js'
import { recordTraffic, type Recording } from './recording.js'

const calls = process.env['TEST_LONG'] === '1' ? 10_000 : 500

describe(`A record of ${calls} calls of an old gateway in PHP`, function () {
  this.timeout(300_000)
  const folder = useFolder('record')
  let old: OldGateway
  let recording: Recording
  let record = ''
  before(async function () {
    old = await startOldGateway(requireProgram(this, 'php'))
    recording = await recordTraffic(folder.path, old, { calls })
    record = listRecord(folder.path)
      .map((file) => readFileSync(file, 'utf8'))
      .join('')
  })
  after(() => old?.stop())

  it('was made while every answer passed on to the byte, its headers too', () => {
    expect(recording.sent).to.have.length(calls)
    expect(recording.received.toSorted()).to.deep.equal(recording.sent.toSorted())
  })

  it('has a line for each of them', () => {
    expect(recording.recorded).to.equal(calls)
    expect(record.trimEnd().split('\n')).to.have.length(calls + 1)
    expect(record)
      .to.contain('"method":"web.passport.getUserVerifyInfo"')
      .and.to.contain('front.account.user.info')
  })

  it('holds no password, number, address, name, id or token', () => {
    const tokens = [...recording.text.matchAll(/"token":"([^"]+)"/g)].map(([, token = '']) => token)
    expect(tokens.length).to.be.above(10)
    const planted = old.users.flatMap(({ uid, account, password, mobile, email, nickname, fullAddress }) => {
      const texts = [account, password, mobile, email, nickname, fullAddress, `device-${uid}`]
      const parts = [`${mobile.slice(0, 3)}****${mobile.slice(-4)}`, email.split('@')[1] ?? '']
      return [String(uid), String(uid * 13), ...texts, ...parts]
    })
    const others = [...Object.values(old.apps), 'wrong-Secret-1', 'Zq8LmW3x', '张 三']
    const found = [...planted, ...others, ...tokens].filter((value) => isIn(record, value))
    expect(found).to.deep.equal([])
    // The search does find what is there.
    expect(isIn(recording.text, old.users[0]?.mobile ?? '')).to.equal(true)
  })

  it('is for the eyes of its owner alone', async () => {
    const { statSync } = await import('node:fs')
    for (const file of listRecord(folder.path)) expect(statSync(file).mode & 0o777).to.equal(0o600)
  })
})

/** Whether a value stands there by itself, as it is or in a form that a query or JSON has for it. */
function isIn(text: string, value: string): boolean {
  const forms = new Set([
    value,
    encodeURIComponent(value),
    new URLSearchParams({ v: value }).toString().slice(2),
  ])
  return [...forms].some((form) => {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
      const around = (text[at - 1] ?? '') + (text[at + form.length] ?? '')
      // A short number is part of many a longer one.
      if (!/^\d+$/.test(value) || !/\d/.test(around)) return true
    }
    return false
  })
}
