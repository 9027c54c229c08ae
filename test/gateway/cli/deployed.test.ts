import { expect } from 'chai'
import { execFile } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { useFolder } from '../../suite.js'
import { projectRoot } from '../../whole/architecture/source-tree.js'

describe('a server laid out as the documents say', () => {
  const folder = useFolder('deployed')

  it('runs the command line from what was built alone', async () => {
    for (const name of ['dist', 'node_modules', 'package.json'])
      symlinkSync(join(projectRoot(), name), join(folder.path, name))
    const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'cli', '--', 'app', '--help'], {
      cwd: folder.path,
    })
    expect(stdout).to.include('register an application')
  })
})
