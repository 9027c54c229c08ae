import type { Address, Seen } from '../call.js'
import {
  answered,
  type Code,
  day,
  goesOn,
  isSpent,
  type Limit,
  type Rule,
  spend,
  type State,
} from './state.js'

const lifetime = 600
const triesPerCode = 5

const sendLimits = (name: string): readonly Limit[] => [
  [`gap ${name}`, 1, 60],
  [`hour ${name}`, 5, 3600],
  [`day ${name}`, 10, day],
]

/** Spends what may be sent to an address for a purpose. */
export function grantSend(name: string, refusal: string, then: Rule): Rule {
  const limits = sendLimits(name)
  return (state) => (isSpent(state, limits) ? answered(state, refusal) : then(spend(state, limits)))
}

/** A code is stored, then delivered, and only then those before it are gone. */
export function sendCode(address: Address, { arrived }: Seen): Rule {
  const store: Rule = (state) => {
    const code = { text: undefined, tries: 0, until: state.now + lifetime }
    return goesOn(withCodes(state, address, [...codesOf(state, address), code]), deliver, 'stored')
  }
  const deliver: Rule = (state) => {
    if (arrived === undefined) return []
    const codes = codesOf(state, address)
    const at = codes.findLastIndex(({ text }) => text === undefined)
    // Used up meanwhile, by a guess that nobody makes here.
    const told = codes.map((code, place) => (place === at ? { ...code, text: arrived } : code))
    return goesOn(withCodes(state, address, told), forgetFormer, 'delivered')
  }
  const forgetFormer: Rule = (state) => {
    const codes = codesOf(state, address)
    const at = codes.findLastIndex(({ text }) => text === arrived)
    return answered(at < 0 ? state : withCodes(state, address, codes.slice(at)), 'ok')
  }
  return grantSend(`code ${address}`, 'SEND_REFUSED', store)
}

const wrongLimits = (address: Address): readonly Limit[] => [
  [`wrong hour ${address}`, 5, 3600],
  [`wrong day ${address}`, 10, day],
]

/** How each answer reads by the method that is called. */
export interface CodeRefusals {
  readonly wrong: string
  readonly exhausted: string
}

export const accountRefusals: CodeRefusals = { wrong: 'VALID_ERROR', exhausted: 'VALID_CODE_TIMEOUT_CODE' }

interface CodeUse {
  readonly address: Address
  readonly code: string
  readonly refusals: CodeRefusals
  /** Whether its caller may be known as the address's owner, who has tries besides. */
  readonly mayBeOwner?: boolean
}

/** Uses a code up, and goes on if it was right. */
export function takeCode({ address, code, refusals, mayBeOwner = false }: CodeUse, then: Rule): Rule {
  const limits = wrongLimits(address)
  return (state) => {
    const live = codesOf(state, address).filter(({ until }) => state.now <= until)
    const spent = isSpent(state, limits)
    if (live.length === 0) return answered(state, spent ? refusals.exhausted : refusals.wrong)
    const usable = spent ? [] : live.filter(({ tries }) => tries < triesPerCode)
    const refused = usable.length === 0 ? answered(state, refusals.exhausted) : []
    if (usable.length === 0 && !mayBeOwner) return refused
    const right = (usable.length === 0 ? live : usable).findLast(({ text }) => text === code)
    if (right) return [...refused, ...goesOn(useUp(state, address, right), then, 'right')]
    if (usable.length === 0) return [...refused, ...answered(state, refusals.wrong)]
    const tried = codesOf(state, address).map((one) => ({ ...one, tries: one.tries + 1 }))
    return answered(spend(withCodes(state, address, tried), limits), refusals.wrong)
  }
}

/** Those made before it go with it. */
function useUp(state: State, address: Address, used: Code): State {
  const codes = codesOf(state, address)
  return withCodes(state, address, codes.slice(codes.indexOf(used) + 1))
}

const codesOf = ({ codes }: State, address: Address): readonly Code[] => codes[address] ?? []

function withCodes(state: State, address: Address, codes: readonly Code[]): State {
  return { ...state, codes: { ...state.codes, [address]: codes } }
}
