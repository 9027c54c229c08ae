import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** The 99th percentile, in milliseconds, of calls that are sent at their time, whether others are answered or not: `pace` a second. */
export async function measurePace(
  url: string,
  { pace, seconds }: { readonly pace: number; readonly seconds: number },
): Promise<number> {
  const agent = new Agent({ keepAlive: true })
  const times: number[] = []
  const calls: Promise<void>[] = []
  const began = performance.now()
  for (let count = 0; count < pace * seconds; count++) {
    const due = began + (count * 1000) / pace
    const wait = due - performance.now()
    if (wait > 1) await sleep(wait)
    calls.push(callOnce(`${url}/gateway?method=web.passport.getUserVerifyInfo&uid=7300000`, agent, times))
  }
  await Promise.all(calls)
  agent.destroy()
  return times.toSorted((one, other) => one - other)[Math.floor(times.length * 0.99)] ?? 0
}

function callOnce(url: string, agent: Agent, times: number[]): Promise<void> {
  const sent = performance.now()
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent }, (response) => {
      response.resume().on('end', () => {
        times.push(performance.now() - sent)
        resolve()
      })
    })
    asked.on('error', reject)
    asked.end()
  })
}
