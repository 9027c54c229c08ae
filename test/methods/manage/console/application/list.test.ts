import { expect } from 'chai'
import { consoleSession } from '../../../../console.js'
import type { Application } from '../applications.js'
import { withConsole } from '../suite.js'

const method = 'manage.console.application.list'

withConsole(method, {}, ({ gateway, ask, send, isOfTheConsole }) => {
  it('lists all, those that are shut out too, and no secret', async () => {
    const app = await gateway.addApp({ name: 'listed', grants: ['open.*'], trust: 'public' })
    await gateway.db('client_app').where({ name: 'listed' }).update({ enabled: 0 })
    const items = (await ask())['items'] as Application[]
    expect(items.map(({ name }) => name)).to.have.members(['listed', 'web'])
    const listed = items.find(({ name }) => name === 'listed')
    expect(listed).to.deep.include({ enabled: false, trust: 'public', grants: ['open.*'], live_secrets: 1 })
    expect((await send()).text)
      .to.not.include(app.secret)
      .and.not.include(gateway.web.secret)
  })

  it('is open to a role that includes it alone', async () => {
    const reader = await consoleSession(gateway, { paths: ['/manage/console/application/list'] })
    expect((await reader.call(method)).json).to.include({ code: 0, status: 200 })
  })

  isOfTheConsole()
})
