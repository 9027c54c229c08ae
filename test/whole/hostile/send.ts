import { fetchAnswer, type HttpAnswer } from '../../fetch-answer.js'
import { signParameters, type TestApp } from '../../harness.js'
import { type HostileCase, hostileValue } from './cases.js'
import type { World } from './world.js'

/** Sends a case with its other parameters valid, signed by the application where the path asks for that. */
export async function sendCase(world: World, hostileCase: HostileCase, app: TestApp): Promise<HttpAnswer> {
  const { method, dialect, carrier, hostile } = hostileCase
  const valid = await world.prepare(method, app)
  const texts: Record<string, string> = { ...valid }
  for (const [name, value] of Object.entries(hostile)) {
    const { signed } = hostileValue(value)
    if (signed === undefined) delete texts[name]
    else texts[name] = signed
  }
  const params =
    dialect === 'account' ? texts : asPassportCall({ method, ...texts }, app, world.gateway.clock.now())
  const { url } = world.gateway
  const path = dialect === 'passport' ? '/gateway' : `/${method.replaceAll('.', '/')}`
  if (carrier === 'query') return fetchAnswer(`${url}${path}?${new URLSearchParams(params).toString()}`)
  if (carrier === 'form')
    return fetchAnswer(`${url}${path}`, { method: 'POST', body: new URLSearchParams(params) })
  return fetchAnswer(`${url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: jsonBody(params, hostile),
  })
}

/** Written by hand: no object in JavaScript holds all that JSON can say. */
function jsonBody(params: Record<string, string>, hostile: HostileCase['hostile']): string {
  const others = Object.entries(params).filter(([name]) => hostile[name] === undefined)
  const members = [
    ...others.map(([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`),
    ...Object.entries(hostile).map(([name, value]) => `${JSON.stringify(name)}:${hostileValue(value).json}`),
  ]
  return `{${members.join(',')}}`
}

/** WeChat signs in a way of its own, by parameters that our newer signature has too: it gets along without ours. */
function asPassportCall(params: Record<string, string>, app: TestApp, now: number): Record<string, string> {
  return params['method'] === 'front.account.wechat.index' ? params : signParameters(app, params, now)
}
