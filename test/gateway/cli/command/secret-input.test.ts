import { expect } from 'chai'
import { PassThrough } from 'node:stream'
import { readSecret } from '../../../../gateway/cli/command/secret-input.js'

/** A terminal at which `typed` has an answer to each question, in the bytes its keys send. */
function terminal(...typed: string[]) {
  const modes: boolean[] = []
  let shown = ''
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (mode: boolean) => modes.push(mode),
  })
  const output = new PassThrough()
  output.setEncoding('utf8').on('data', (text: string) => {
    shown += text
    if (!text.endsWith(': ')) return
    const keys = typed.shift()
    if (keys !== undefined) input.write(keys)
  })
  return { input, output, modes, shown: () => shown }
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => expect.fail('should have been refused'),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
}

describe('A secret at the terminal', () => {
  it('is asked for twice and never shown', async () => {
    const { input, output, modes, shown } = terminal('right password\r', 'right password\r')
    expect(await readSecret('Password', { input, output })).to.equal('right password')
    expect(shown()).to.equal('Password: \nPassword again: \n')
    expect(modes).to.deep.equal([true, false])
  })

  it('can be mended while it is typed', async () => {
    const { input, output } = terminal('rihj\u007f\u007fght\r', 'right\r')
    expect(await readSecret('Password', { input, output })).to.equal('right')
  })

  it('can be pasted with its repetition', async () => {
    const { input, output } = terminal('pasted\rpasted\r')
    expect(await readSecret('Password', { input, output })).to.equal('pasted')
  })

  it('is refused when the second answer is another one', async () => {
    const { input, output, modes } = terminal('right password\r', 'other password\r')
    expect(await messageOf(readSecret('Password', { input, output }))).to.match(/not the same/)
    expect(modes.at(-1)).to.equal(false)
  })

  it('is given up with Ctrl-C or Ctrl-D', async () => {
    for (const key of ['\u0003', '\u0004']) {
      const { input, output, modes } = terminal(key)
      expect(await messageOf(readSecret('Password', { input, output }))).to.match(/nothing was entered/)
      expect(modes.at(-1)).to.equal(false)
    }
  })
})

describe('A secret from a pipe', () => {
  async function readPiped(text: string): Promise<string> {
    const input = new PassThrough()
    const output = new PassThrough()
    input.end(text)
    const secret = await readSecret('Password', { input, output })
    expect(output.read()).to.equal(null)
    return secret
  }

  it('is everything but the line end after it', async () => {
    expect(await readPiped('a b\n')).to.equal('a b')
    expect(await readPiped('a b\r\n')).to.equal('a b')
    expect(await readPiped('密码 ')).to.equal('密码 ')
    expect(await readPiped('one\ntwo\n\n')).to.equal('one\ntwo\n')
    expect(await readPiped('')).to.equal('')
  })
})
