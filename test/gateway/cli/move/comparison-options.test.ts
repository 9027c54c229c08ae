import { expect } from 'chai'
import { PassThrough } from 'node:stream'
import { readSecrets } from '../../../../gateway/cli/move/comparison-options.js'

/** Reads the secrets of these options with `text` on standard input. */
async function readFrom(text: string, ...options: string[]): Promise<Record<string, string> | string> {
  const input = new PassThrough()
  input.end(text)
  return readSecrets(options, { source: { input, output: new PassThrough() } }).then(
    ({ apps }) => Object.fromEntries(apps),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
}

describe('Secrets of applications for a comparison', () => {
  it('stand in the options, and may hold the sign behind the name', async () => {
    expect(await readFrom('', 'h5=one', 'app=a=b=')).to.deep.equal({ h5: 'one', app: 'a=b=' })
  })

  it('are the lines of standard input in the order of the options', async () => {
    expect(await readFrom('one\ntwo\n', 'h5=-', 'kept=here', 'app=-')).to.deep.equal({
      h5: 'one',
      kept: 'here',
      app: 'two',
    })
    expect(await readFrom('one\r\ntwo', 'h5=-', 'app=-')).to.deep.equal({ h5: 'one', app: 'two' })
    expect(await readFrom('alone', 'h5=-')).to.deep.equal({ h5: 'alone' })
  })

  it('come behind what else is asked', async () => {
    const input = new PassThrough()
    input.end('token\none\n')
    const source = { input, output: new PassThrough() }
    const { apps, others } = await readSecrets(['h5=-'], { questions: ['Token'], source })
    expect([[...apps], others]).to.deep.equal([[['h5', 'one']], ['token']])
  })

  it('are refused where lines are missing, too many or empty', async () => {
    const wanted = 'and 2 are wanted: Secret of h5, Secret of app'
    expect(await readFrom('one\n', 'h5=-', 'app=-')).to.equal(`standard input: 1 line was given, ${wanted}`)
    expect(await readFrom('1\n2\n3\n', 'h5=-', 'app=-')).to.equal(
      `standard input: 3 lines were given, ${wanted}`,
    )
    expect(await readFrom('\ntwo\n', 'h5=-', 'app=-')).to.equal('--app-secret: the secret of h5 is empty')
    expect(await readFrom('', 'h5=')).to.equal('--app-secret: the secret of h5 is empty')
  })
})
