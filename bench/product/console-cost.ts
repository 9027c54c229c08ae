import { learnAnswers } from '../answers.js'
import { duel } from '../duel.js'
import { type Figure, summarise } from '../figure.js'
import { builtModule } from '../folders.js'
import type { Bench } from '../plan.js'
import { productionEnvironment, seed } from '../seed.js'
import { spreadUids } from '../targets.js'
import { readCalls } from './calls.js'

/** What `CONSOLE=on` costs the calls of a server whose console nobody opens: two servers on equal databases. */
export async function measureConsoleCost(bench: Bench): Promise<Figure[]> {
  const group = 'console'
  const environmentOf = (name: string) =>
    productionEnvironment(bench.folder, `sqlite:${bench.folder}/${name}.db`)
  const [env, withConsole] = [environmentOf('off'), { ...environmentOf('on'), CONSOLE: 'on' }]
  for (const each of [env, withConsole]) await seed(each)
  const [call] = readCalls(spreadUids, [])
  if (call === undefined) throw new Error('the product has no call to measure')
  const off = { name: 'ours', module: builtModule('gateway/main'), env }
  const on = { ...off, name: 'ours (console on)', env: withConsole }
  const asked = { targets: await learnAnswers(off, call.questions, call.clean) }
  const { ratios, rssRatios, detail } = await duel(bench, { ...on, ...asked }, { ...off, ...asked })
  return [
    {
      group,
      title: `${call.title}: on × off`,
      unit: '×',
      ...summarise(ratios),
      goal: { atLeast: 0.98 },
      detail,
    },
    {
      group,
      title: 'memory after load: on × off',
      unit: '×',
      ...summarise(rssRatios),
      goal: { atMost: 1.02 },
    },
  ]
}
