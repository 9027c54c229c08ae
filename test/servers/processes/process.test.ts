import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import { findProgram, freePort, runToEnd, startProcess } from './process.js'

const SHELL = '/bin/sh'

describe('starting a process', () => {
  it('fails with the last output of a child that ends or is never ready', async () => {
    const dying = { command: SHELL, args: ['-c', 'echo cannot bind >&2; exit 3'] }
    expect(await message(startProcess(dying, () => false))).to.match(
      /ended with exit code 3\n {2}cannot bind/,
    )
    const hanging = { command: SHELL, args: ['-c', 'echo starting; sleep 60'] }
    expect(await message(startProcess(hanging, () => false, 100))).to.match(
      /not ready after 100 ms\n {2}starting/,
    )
    expect(await message(runToEnd(dying))).to.match(/ended with exit code 3/)
    expect(await message(startProcess({ command: '/no/such/program', args: [] }, () => true))).to.match(
      /cannot be/,
    )
  })

  it('does not take the answer of another server for that of a child that has ended', async () => {
    const dying = { command: SHELL, args: ['-c', 'exit 3'] }
    const late = async (): Promise<boolean> => sleep(200, true)
    expect(await message(startProcess(dying, late))).to.match(/ended with exit code 3/)
  })

  it('stops a child with SIGTERM, and one that ignores it with SIGKILL', async () => {
    const waiting = (trap: string): string[] => ['-c', `${trap}; echo ready; while :; do sleep 0.05; done`]
    const ready = (output: string): boolean => output.includes('ready')
    const polite = await startProcess({ command: SHELL, args: waiting("trap 'exit 7' TERM") }, ready)
    expect(await polite.stop()).to.deep.equal({ code: 7, signal: null })
    const deaf = await startProcess({ command: SHELL, args: waiting("trap '' TERM") }, ready)
    expect(await deaf.stop(100)).to.deep.equal({ code: null, signal: 'SIGKILL' })
    expect(await deaf.kill()).to.deep.equal({ code: null, signal: 'SIGKILL' })
  })

  it('gives out each free port once', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()))
    expect(new Set(ports).size).to.equal(50)
  })

  it('finds programs on PATH only when they can be executed', () => {
    expect(findProgram('sh')).to.match(/\/sh$/)
    expect(findProgram('passwd', '/etc')).to.equal(undefined)
  })
})

function message(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => expect.fail('should have failed'),
    (error: unknown) => String(error),
  )
}
