import { expect } from 'chai'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'
import { keyOf } from '../../../../gateway/move/record/key.js'
import {
  type Recorder,
  type RecorderOptions,
  startRecorder,
} from '../../../../gateway/move/record/recorder.js'
import { useFolder } from '../../../suite.js'

const path = '/gateway?method=web.passport.getUserVerifyInfo&uid=7300000'
const headersOf = (type: string) => ['Content-Type', type, 'X-Forwarded-For', '203.0.113.7']
const answerHeaders = ['Content-Type', 'application/json']

interface Passing {
  readonly url?: string
  readonly type?: string
  readonly body?: string
  readonly answer?: string | Buffer
  readonly encoding?: string
}

/** Lets one exchange pass, as the proxy does. */
function pass(
  recorder: Recorder,
  { url = path, type = 'application/json', body = '', answer = '{}', encoding = 'identity' }: Passing = {},
): void {
  const call = new IncomingMessage(new Socket())
  Object.assign(call, {
    url,
    method: 'POST',
    rawHeaders: headersOf(type),
  })
  const head = new IncomingMessage(new Socket())
  Object.assign(head, { statusCode: 200, rawHeaders: [...answerHeaders, 'Content-Encoding', encoding] })
  const observer = recorder.observe(call)
  observer?.called(Buffer.from(body))
  observer?.asked()
  observer?.answered(head)
  observer?.answering(Buffer.from(answer))
  observer?.ended('complete')
}

describe('A recorder', () => {
  const folder = useFolder('recorder')
  const options = (name: string): RecorderOptions & { readonly reasons: string[] } => {
    const reasons: string[] = []
    return {
      folder: join(folder.path, name),
      key: keyOf(Buffer.alloc(32, 1)),
      rotateAt: 1e9,
      mostBytes: 1e10,
      methods: [],
      sample: 1,
      reasons,
      failed: (reason) => void reasons.push(reason),
    }
  }
  const linesOf = (name: string) => {
    const at = join(folder.path, name)
    return readdirSync(at).flatMap((file) => readFileSync(join(at, file), 'utf8').trim().split('\n').slice(1))
  }

  it('is not begun where no file can be', async () => {
    writeFileSync(join(folder.path, 'file'), '')
    const refused = await startRecorder(options('file/record')).catch((error: unknown) => error)
    expect(refused)
      .to.be.an('error')
      .with.property('message')
      .match(/^ENOTDIR/)
  })

  it('has written all that passed when it is closed', async () => {
    const recorder = await startRecorder(options('whole'))
    for (let count = 0; count < 100; count++) pass(recorder, { answer: `{"count":${count}}` })
    await recorder.close()
    expect(recorder.figures).to.deep.equal({ recorded: 100, dropped: 0 })
    expect(linesOf('whole')).to.have.length(100)
  })

  it('leaves out and counts what comes faster than it is written, by number and by size', async () => {
    const many = await startRecorder(options('many'))
    for (let count = 0; count < 5003; count++) pass(many)
    const large = await startRecorder(options('large'))
    const body = 'x'.repeat(250_000)
    const heads = path + headersOf('image/png').join('') + answerHeaders.join('') + 'Content-Encodingidentity'
    const fits = Math.floor((64 * 1024 * 1024) / (heads.length + body.length + 2))
    for (let count = 0; count < fits + 2; count++) pass(large, { type: 'image/png', body })
    await Promise.all([many.close(), large.close()])
    expect(many.figures).to.deep.equal({ recorded: 5000, dropped: 3 })
    expect(large.figures).to.deep.equal({ recorded: fits, dropped: 2 })
  })

  it('holds no more of calls whose heads are large', async () => {
    const recorder = await startRecorder(options('heads'))
    const url = `${path}&page=${'a'.repeat(240_000)}`
    for (let count = 0; count < 1000; count++) pass(recorder, { url })
    expect(recorder.figures.dropped).to.be.greaterThan(1000 - (64 * 1024 * 1024) / 240_000)
    await recorder.close()
    expect(recorder.figures.recorded + recorder.figures.dropped).to.equal(1000)
  })

  it('unpacks one large answer after the other', async () => {
    const settings = options('packed')
    const recorder = await startRecorder(settings)
    const packed = gzipSync(JSON.stringify({ message: `字${'words '.repeat(150_000)}` }))
    for (let count = 0; count < 150; count++) pass(recorder, { answer: packed, encoding: 'gzip' })
    while (recorder.figures.recorded < 150 && settings.reasons.length === 0) await sleep(10)
    await recorder.close()
    expect(settings.reasons).to.deep.equal([])
    expect(recorder.figures).to.deep.equal({ recorded: 150, dropped: 0 })
  })

  it('says once that its thread has ended, and counts what waited', async () => {
    const started: Worker[] = []
    const note = (thread: Worker) => void started.push(thread)
    process.on('worker', note)
    const settings = options('ended')
    const recorder = await startRecorder(settings)
    process.off('worker', note)
    for (let count = 0; count < 10; count++) pass(recorder)
    await started[0]?.terminate()
    pass(recorder)
    await recorder.close()
    expect(settings.reasons).to.deep.equal(['the thread that records has ended'])
    expect(recorder.figures).to.deep.equal({ recorded: 0, dropped: 10 })
  })

  it('takes again once it has written', async () => {
    const recorder = await startRecorder(options('again'))
    for (let count = 0; count < 5001; count++) pass(recorder)
    while (recorder.figures.recorded < 5000) await sleep(10)
    pass(recorder)
    await recorder.close()
    expect(recorder.figures).to.deep.equal({ recorded: 5001, dropped: 1 })
  })

  it('goes on after bodies that nothing can read', async () => {
    const settings = options('odd')
    const recorder = await startRecorder(settings)
    for (const body of ['['.repeat(100_000), '{"a":'.repeat(50_000), '\u0000', '{"a":1e999999}', '\ud800'])
      pass(recorder, { body, answer: body })
    await recorder.close()
    expect(settings.reasons).to.deep.equal([])
    expect(recorder.figures).to.deep.equal({ recorded: 5, dropped: 0 })
  })
})
