import { availableParallelism } from 'node:os'
import { hash, verify } from '@node-rs/argon2'
import { password } from '../seed.js'

/** Compares passwords as fast as this machine can for the seconds given, and writes how many it did a second. */
const seconds = Number(process.argv[2])
const stored = await hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
const started = performance.now()
let done = 0
const lane = async () => {
  while (performance.now() - started < seconds * 1000) {
    if (!(await verify(stored, password))) throw new Error('a right password was refused')
    done++
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, lane))
process.stdout.write(`${(done * 1000) / (performance.now() - started)}\n`)
