import { join } from 'node:path'
import { requiredPath } from '../mariadb.js'
import { runToEnd } from '../processes/process.js'

/** What an image says of itself. */
export interface ImageConfig {
  readonly Env: readonly string[]
  readonly Cmd: readonly string[]
  readonly User: string
  readonly WorkingDir: string
  readonly Healthcheck: { readonly Test: readonly string[] }
}

/** Images and containers of a test's own, made by buildah without a daemon. */
export interface ImageStore {
  /** Makes an image of a folder that is a whole root file system. */
  importRoot(folder: string, name: string): Promise<void>
  /** Builds the image of a Dockerfile; the context is the project. */
  build(context: string, dockerfile: string, name: string): Promise<void>
  describe(name: string): Promise<{ readonly bytes: number; readonly config: ImageConfig }>
  /** The root file system of a new container of an image. */
  mount(name: string): Promise<string>
}

/** Keeps all of it below a folder. */
export function openImageStore(folder: string): ImageStore {
  const places = ['--root', join(folder, 'images'), '--runroot', join(folder, 'run')]
  const ask = async (...args: string[]) => {
    const all = [...places, '--storage-driver', 'vfs', ...args]
    // What it makes in between is as large as the images.
    const env = { ...process.env, TMPDIR: folder }
    return (await runToEnd({ command: requiredPath('buildah'), args: all, env })).trim()
  }
  // Without `docker` the form of the image would have no check of its health.
  const form = ['--format', 'docker']
  return {
    async importRoot(root, name) {
      const container = await ask('from', 'scratch')
      await ask('copy', '--quiet', container, root, '/')
      await ask('commit', '--quiet', ...form, '--rm', container, name)
    },
    async build(context, dockerfile, name) {
      const options = ['--isolation', 'chroot', '--pull-never', '--layers=false', ...form]
      await ask('build', ...options, '--file', dockerfile, '--tag', name, context)
    },
    async describe(name) {
      const { Docker } = JSON.parse(await ask('inspect', '--type', 'image', name)) as {
        Docker: { config: ImageConfig }
      }
      const [{ size }] = JSON.parse(await ask('images', '--json', name)) as [{ size: string }]
      return { bytes: bytesOf(size), config: Docker.config }
    },
    mount: async (name) => ask('mount', await ask('from', '--pull-never', name)),
  }
}

function bytesOf(size: string): number {
  const [, number, unit = 'B'] = /^([\d.]+) ?(B|KB|MB|GB)$/.exec(size) ?? []
  return Number(number) * 1000 ** ['B', 'KB', 'MB', 'GB'].indexOf(unit)
}
