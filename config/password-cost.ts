/** What a new password hash costs (argon2id). */
export interface PasswordCost {
  /** KiB. */
  readonly memory: number
  readonly passes: number
  readonly lanes: number
}

/** OWASP's recommendation, what PASSWORD_COST is unless it is given. */
export const usualPasswordCost: PasswordCost = { memory: 19_456, passes: 2, lanes: 1 }

/** What OWASP holds to be equally safe: each is the least memory for as many passes. */
const leastForProduction: readonly (readonly [memory: number, passes: number])[] = [
  [47_104, 1],
  [19_456, 2],
  [12_288, 3],
  [9_216, 4],
  [7_168, 5],
]

/** More would let a few sign-ins at once keep the machine busy; an import takes no hash of more either. */
const most: PasswordCost = { memory: 262_144, passes: 20, lanes: 16 }
/** argon2 wants as much for each lane. */
const leastMemoryOfLane = 8

/** A cost as it stands in a hash, such as `m=19456,t=2,p=1`. */
export function writePasswordCost({ memory, passes, lanes }: PasswordCost): string {
  return `m=${memory},t=${passes},p=${lanes}`
}

/** Reads a cost as it stands in a hash; undefined for what is none, or more than a server can bear. */
export function readPasswordCost(text: string): PasswordCost | undefined {
  const numbers = /^m=([1-9]\d{0,6}),t=([1-9]\d?),p=([1-9]\d?)$/.exec(text)?.slice(1).map(Number) ?? []
  const [memory = 0, passes = 0, lanes = 0] = numbers
  const isBearable = memory <= most.memory && passes <= most.passes && lanes <= most.lanes
  return lanes > 0 && isBearable && memory >= leastMemoryOfLane * lanes
    ? { memory, passes, lanes }
    : undefined
}

/** Whether a stolen hash of this cost is as hard to guess as OWASP asks at least. */
export function isSafePasswordCost({ memory, passes }: PasswordCost): boolean {
  return leastForProduction.some(
    ([leastMemory, leastPasses]) => memory >= leastMemory && passes >= leastPasses,
  )
}
