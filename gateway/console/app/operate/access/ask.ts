import { callManage } from '../calls.js'

/** Calls a method by its name, and takes its data for what the contract says it is. */
export async function ask<Data>(method: string, params: object = {}): Promise<Data> {
  return (await callManage(`/${method.replaceAll('.', '/')}`, params)) as Data
}
