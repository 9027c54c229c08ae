import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../test/servers/processes/process.js'
import { readCpuSeconds } from '../contestant.js'
import { type Figure, summarise } from '../figure.js'
import { builtModule, projectFolder } from '../folders.js'
import { type Bench, quickPlan } from '../plan.js'
import { productionEnvironment, seed } from '../seed.js'

const group = 'start'
const starts = 5
const mostSeconds = 60

/** How long a server takes to its first answer, its files and its database as the start before has left them. */
export async function measureStart(bench: Bench): Promise<Figure[]> {
  const env = productionEnvironment(bench.folder, `sqlite:${bench.folder}/start.db`)
  await seed(env, 1000)
  bench.say('starting it once, so that its files are in memory')
  await timeStart(env)
  const taken: { readonly seconds: number; readonly cpu: number }[] = []
  for (let start = 1; start <= (bench.plan === quickPlan ? 1 : starts); start++) {
    bench.say(`start ${start}`)
    taken.push(await timeStart(env))
  }
  const seconds = summarise(taken.map(({ seconds }) => seconds))
  const cpu = summarise(taken.map(({ cpu }) => cpu))
  return [
    {
      group,
      title: 'node dist/gateway/main.js to its first answer',
      unit: 's',
      ...seconds,
      goal: { atMost: 0.6 },
    },
    { group, title: 'CPU time until then', unit: 's', ...cpu },
    {
      group,
      title: 'production dependencies, by du',
      unit: 'MB',
      value: sizeOfDependencies(),
      goal: { atMost: 80 },
    },
  ]
}

async function timeStart(env: Record<string, string>): Promise<{ seconds: number; cpu: number }> {
  const port = await freePort()
  const begun = performance.now()
  const child = spawn(process.execPath, [builtModule('gateway/main')], {
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(child, 'exit')
  try {
    await untilAnswered(`http://127.0.0.1:${port}/healthz`, begun)
    const seconds = (performance.now() - begun) / 1000
    return { seconds, cpu: readCpuSeconds(child.pid === undefined ? [] : [child.pid]) }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

async function untilAnswered(url: string, begun: number): Promise<void> {
  while (performance.now() - begun < mostSeconds * 1000) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.status === 200) return
    await sleep(2)
  }
  throw new Error(`no answer within ${mostSeconds} s`)
}

/** Megabytes of 2^20 bytes, of what `npm ci --omit=dev` installs. */
function sizeOfDependencies(): number {
  const list = ['ls', '--omit=dev', '--all', '--parseable', '--workspaces=false']
  const [, ...folders] = execFileSync('npm', list, { cwd: projectFolder, encoding: 'utf8' })
    .trim()
    .split('\n')
  // Each file counts once, though a package that another one brings lies in its folder.
  const said = execFileSync('du', ['-sck', ...folders], { encoding: 'utf8' })
  return Number(/(\d+)\ttotal/.exec(said)?.[1]) / 1024
}
