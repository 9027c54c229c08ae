import type { Call, CallOf, Seen } from '../call.js'
import {
  addAddress,
  countUnread,
  endOthers,
  listAddresses,
  logOut,
  look,
  makeDefault,
  readAll,
  removeAddress,
  sendMessage,
} from './belongings.js'
import { sendCode, takeCode } from './codes.js'
import { bind, changeEmail, changeMobile, checkMobile, unbind, verifyEmail } from './contacts.js'
import { changePassword, resetPassword, setPassword } from './passwords.js'
import { register, signIn, signInByCode } from './sign-ins.js'
import { answered, markStale, type Rule, type Staleness, type State } from './state.js'

/** A call and what became of it. */
export interface Happening {
  readonly call: Call
  /** Tells calls of a history apart. */
  readonly number: number
  readonly seen: Seen
}

const passportRefusals = { wrong: '404', exhausted: '405' }

type Rules = {
  readonly [Kind in Call['kind']]: (call: CallOf<Kind>, seen: Seen, number: number) => Rule
}

const rules: Rules = {
  'send code': (call, seen) => sendCode(call.address, seen),
  'check code': (call) => takeCode({ ...call, refusals: passportRefusals }, (state) => answered(state, 'ok')),
  'sign in by code': (call, seen, number) => signInByCode(call, `?${number}`, seen),
  register: (call, seen, number) => register(call, `?${number}`, seen),
  'sign in': signIn,
  'reset password': resetPassword,
  'change password': changePassword,
  'set password': setPassword,
  bind,
  unbind,
  'check mobile': checkMobile,
  'change mobile': changeMobile,
  'verify e-mail': verifyEmail,
  'change e-mail': changeEmail,
  look,
  'log out': logOut,
  'end others': endOthers,
  'add address': addAddress,
  'make default': makeDefault,
  'remove address': removeAddress,
  'list addresses': listAddresses,
  'send message': sendMessage,
  'count unread': countUnread,
  'read all': readAll,
}

function ruleOf({ call, number, seen }: Happening): Rule {
  const rule = rules[call.kind] as (call: Call, seen: Seen, number: number) => Rule
  return rule(call, seen, number)
}

/** How far each of some calls is; `rule` is undefined for one that has ended. */
interface Course {
  readonly happening: Happening
  readonly at: string
  readonly rule: Rule | undefined
}

/**
 * What may be true after some calls that were under way together, by every order of their moments in which each gets
 * the answer that it got; one whose answer nobody got may have stopped anywhere. Empty where no order explains them.
 */
export function whatMayBe(
  states: readonly State[],
  happenings: readonly Happening[],
  staleness: Staleness,
): readonly State[] {
  const found = new Map<string, State>()
  const visited = new Set<string>()
  const courses = happenings.map((happening) => ({ happening, at: 'begun', rule: ruleOf(happening) }))
  const waiting = states.map((state) => ({ state, courses: courses as readonly Course[] }))
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { state, courses } = next
    const text = JSON.stringify(state)
    const key = `${courses.map(({ at }) => at).join(' | ')} ${text}`
    if (visited.has(key)) continue
    visited.add(key)
    if (courses.every(({ rule, happening }) => !rule || happening.seen.answer === undefined))
      found.set(text, state)
    for (const [place, course] of courses.entries())
      for (const moved of moveOn(state, course, staleness))
        waiting.push({ state: moved.state, courses: courses.with(place, moved.course) })
  }
  return [...found.values()]
}

function moveOn(
  state: State,
  { happening, rule }: Course,
  staleness: Staleness,
): { readonly state: State; readonly course: Course }[] {
  const { seen } = happening
  const moves = rule?.(state) ?? []
  return moves
    .filter(({ answer }) => answer === undefined || seen.answer === undefined || answer === seen.answer)
    .map(({ state: after, next, at = '' }) => ({
      state: markStale(state, after, seen, staleness),
      course: { happening, at: next ? at : 'ended', rule: next },
    }))
}

/** The answers that would have been right for a call by itself. */
export function rightAnswers(states: readonly State[], happening: Happening): string[] {
  const answers = new Set<string>()
  const { seen } = happening
  // As if nothing was known of the answer but what came with it.
  const open = { ...happening, seen: { ...seen, answer: undefined, arrived: seen.arrived ?? 'something' } }
  const waiting = states.map((state) => ({ state, rule: ruleOf(open) }))
  for (let one = waiting.pop(); one; one = waiting.pop())
    for (const { state, answer, next } of one.rule(one.state)) {
      if (answer !== undefined) answers.add(answer)
      if (next) waiting.push({ state, rule: next })
    }
  return [...answers]
}

/** The same states, later. */
export function afterSeconds(states: readonly State[], seconds: number): readonly State[] {
  return states.map((state) => ({ ...state, now: state.now + seconds }))
}
