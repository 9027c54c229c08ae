import { hash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { emptyParameters } from '../gateway/wire/query-string.js'
import { signLegacy } from '../gateway/wire/signature.js'
import type { Question, Target } from './answers.js'
import { describeUser, firstUid, jobMethod, jobSecret, makeUser, successMessage, userCount } from './job.js'

const targetCount = 4096

/** 4,096 different requests for users all over the table. */
export function makeJobTargets({ signed }: { signed: boolean }): Target[] {
  return spreadUids(targetCount).map((uid) => {
    const data = describeUser(makeUser(uid))
    const body = JSON.stringify({ code: 200, data, message: successMessage })
    return { path: jobPath(jobMethod, { uid: String(uid) }, signed), body }
  })
}

/** The path of a call with the parameters that every client sends. */
export function jobPath(method: string, own: Readonly<Record<string, string>>, signed: boolean): string {
  const udid = hash('md5', JSON.stringify(own), 'hex')
  const params = Object.assign(emptyParameters(), {
    method,
    ...own,
    app_version: '6.7.2',
    client_type: 'web',
    os_version: 'yohobuy:h5',
    screen_size: '720x1280',
    v: '7',
    udid,
    session_key: udid.slice(0, 16),
    yh_channel: '1',
    gender: '1,3',
    business_line: 'yoho group',
  })
  if (signed) params['client_secret'] = signLegacy(params, jobSecret)
  return `/gateway?${new URLSearchParams(params).toString()}`
}

/** Some of a number of users, from end to end. */
export function spreadUids(count: number, users: number = userCount): number[] {
  return Array.from({ length: count }, (_, at) => firstUid + Math.floor((at * users) / count))
}

/** Writes what the load generator sends. */
export function writeTargets(folder: string, name: string, targets: readonly Target[]): string {
  const file = join(folder, `${name}.targets`)
  fillTargets(file, targets)
  return file
}

/** A line each: the path and, behind tabulators, the form that is posted to it and the address it comes from. */
export function fillTargets(file: string, targets: readonly Question[]): void {
  const line = ({ path, form = '', from = '' }: Question) => `${path}\t${form}\t${from}\n`
  writeFileSync(file, targets.map(line).join(''))
}
