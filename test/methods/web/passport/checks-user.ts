import { expect } from 'chai'
import { uidMissing, userNotExists } from '../../../answers.js'
import type { TestGateway } from '../../../harness.js'

/** The case that a method checks the form of the uid before it looks for the user. */
export function itChecksUser(
  gateway: TestGateway,
  method: string,
  malformed: readonly Record<string, string>[],
  params: Record<string, string> = {},
): void {
  it('checks the uid, then the user', async () => {
    for (const uid of malformed)
      expect((await gateway.call(method, { ...params, ...uid })).text).to.equal(uidMissing)
    expect((await gateway.call(method, { ...params, uid: '99999999' })).text).to.equal(userNotExists)
  })
}
