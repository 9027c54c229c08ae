import { readJsonTree } from '../../traffic/json-tree.js'
import { compareTrees } from '../../compare/compare-trees.js'
import { rules } from '../rules.js'
import { exactly, passportError, type Wants } from '../wants.js'
import { memberAt, textAt } from '../wire-answer.js'
import { gatewayCall, signed } from '../wire-call.js'
import { nobodysUid } from '../pack/parameter-checks.js'
import { type Stage, step } from './stage.js'

/** Fields that are read as they were written, and can be put back. */
const profiles = [
  ['UserContacts', { full_address: '上海市/徐汇区 "漕溪北路" 1\\2号', zip_code: '200030', qq: '10001' }],
  ['UserHabits', { shopping: '1', dress: '2/3' }],
  ['LikeBrand', { brand: '1,2/3' }],
] as const

/** The parts of a passport profile: changed, read and put back. */
export async function checkProfiles(stage: Stage): Promise<void> {
  for (const [part, fields] of profiles)
    if (['get', 'modify'].some((verb) => stage.wants(`web.passport.${verb}${part}`)))
      await checkProfile(stage, part, fields)
}

async function checkProfile(
  stage: Stage,
  part: string,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const { run, signer, user } = stage
  const uid = String(user.uid)
  const [get, modify] = [`web.passport.get${part}`, `web.passport.modify${part}`]
  const read = gatewayCall(signed(signer, { method: get, uid }))
  const write = (values: Record<string, string>, verb: 'GET' | 'POST') =>
    gatewayCall(signed(signer, { method: modify, uid, ...values }), { verb })
  const before = await run.ask(read)
  const rule = rules.methodAnswer
  const modified = exactly('{"code":200,"data":{},"message":"修改成功"}')
  await step(stage, { method: modify, title: 'changed', rule, call: write(fields, 'POST'), wants: modified })
  await step(stage, {
    method: get,
    title: 'read as it was written',
    rule,
    call: read,
    wants: hasFields(fields),
  })
  const [first = ''] = Object.keys(fields)
  await step(stage, {
    method: modify,
    title: 'an empty text, by GET',
    rule,
    call: write({ [first]: '' }, 'GET'),
    wants: modified,
  })
  await step(stage, {
    method: modify,
    title: 'of nobody',
    rule: rules.unknownUser,
    call: gatewayCall(signed(signer, { method: modify, uid: nobodysUid, ...fields })),
    wants: passportError('USER_NOT_EXISTS'),
  })
  const old = Object.keys(fields).map((name) => [name, textAt(before.tree, 'data', name) ?? ''])
  await run.ask(write(Object.fromEntries(old), 'POST'))
}

/** That these fields say this, in JSON's own way of writing it. */
function hasFields(fields: Readonly<Record<string, string>>): Wants {
  return ({ tree }) =>
    Object.entries(fields).flatMap(([name, value]) => {
      const path = `$.data.${name}`
      const [wanted, came] = [readJsonTree(JSON.stringify(value)), memberAt(tree, 'data', name)]
      if (wanted === undefined || came === undefined)
        return [{ kind: 'missing-field' as const, path, recorded: value, came: '(missing)' }]
      return compareTrees(wanted, came).map((difference) => ({ ...difference, path }))
    })
}
