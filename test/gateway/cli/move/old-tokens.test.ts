import { expect } from 'chai'
import { join } from 'node:path'
import { useFolder } from '../../../suite.js'
import { runCommand } from '../command-line.js'

describe('the day until which tokens of an old server are taken', () => {
  const folder = useFolder('old-tokens')
  const shownFor = async (until: number) => {
    const OLD_TOKEN_UNTIL = new Date(until).toISOString()
    const env = {
      DATABASE_URL: `sqlite:${join(folder.path, 'none.db')}`,
      OLD_TOKEN_SECRET: 'old-token-secret-of-operator-tests',
      OLD_TOKEN_UNTIL,
    }
    const { code, stdout, stderr } = await runCommand(['config', '--json'], { env })
    expect(code, stderr).to.equal(0)
    const rows = JSON.parse(stdout) as { name: string; value: string; warning?: string }[]
    return rows.find(({ name }) => name === 'OLD_TOKEN_UNTIL') ?? expect.fail('it is not shown')
  }

  it('is named by "config" when it is over, and not before', async () => {
    expect(await shownFor(Date.now() + 3_600_000)).not.to.have.property('warning')
    const { warning } = await shownFor(Date.now() - 3_600_000)
    expect(warning).to.match(/over/)
  })
})
