import { useLoad } from '../reading/use-load.js'
import { type Method, readMethods } from './description.js'

/** The gateway's methods, read once; `again` reads them anew. */
export function useMethods() {
  return useLoad('methods', readDescription)
}

/** Throws Error. */
async function readDescription(): Promise<readonly Method[]> {
  const response = await fetch('openapi.json')
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  return readMethods(await response.json())
}
