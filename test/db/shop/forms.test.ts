import { expect } from 'chai'
import { openForms } from '../../../db/open.js'
import { onEachDatabase } from '../../servers/databases.js'
import { open, targetOf } from '../target.js'

onEachDatabase('a database of our own', (database) => {
  it('has the forms of ours: its pool stays, and no value is turned', async () => {
    const db = open(database)
    try {
      const opened = await openForms(db, targetOf(database), { timeZone: 'Asia/Shanghai' })
      expect(opened).to.equal(db)
    } finally {
      await db.destroy()
    }
  })
})
