import { contractDocuments } from '../../../../schemas/contracts.js'
import { defineMethod } from '../../../../gateway/contract/method.js'

export default defineMethod('manage.console.role.paths', {
  auth: 'console',
  handle() {
    const documents = Object.entries(contractDocuments).filter(([name]) => name.startsWith('manage.'))
    return {
      items: documents.map(([name, { title, description = '' }]) => {
        return { path: `/${name.replaceAll('.', '/')}`, title, description }
      }),
    }
  },
})
