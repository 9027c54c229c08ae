// The product's calls as a good engineer writes them by hand for one server: Fastify, a schema, a compiled serialiser,
// the check of the signature or the session, and the driver's prepared statements on the very tables of the product,
// writes in the same transactions with the same durability (an acknowledged write is on the disk).
// What it lacks: call rates per address and application, more than one application, metrics, an access log, errors with a
// text, filters and sorts of a list, messages with markup, numbers of other countries, the history of a profile; of
// codes, giving limits back when a text is not taken, tries of the owner's own, a reserve of the day for owners, the
// share of codes that are used, and turns of the calls for one number.
import fastify from 'fastify'
import { createSignIn } from './by-hand/answers.mjs'
import { addCodes } from './by-hand/codes.mjs'
import { openDatabase } from './by-hand/database.mjs'
import { addAddressList, addUnreadCount } from './by-hand/own-reads.mjs'
import { addAddressForm, addMessageForm, takeForms } from './by-hand/own-writes.mjs'
import { addPassportCard, addVerifyInfo } from './by-hand/passport.mjs'
import { addOwnProfile } from './by-hand/profile.mjs'

/** `/gateway?method=NAME` becomes the route of that method. */
function rewriteUrl({ url }) {
  const method = url.startsWith('/gateway?') && /[?&]method=([\w.]+)/.exec(url)
  return method ? `/gateway/${method[1]}${url.slice('/gateway'.length)}` : url
}

const database = openDatabase(process.env.DATABASE_URL)
const app = fastify({ logger: false, rewriteUrl, trustProxy: process.env.TRUST_PROXY ?? false })
addVerifyInfo(app, database)
await addPassportCard(app, database)
const signedIn = createSignIn(app, database)
addUnreadCount(app, database, signedIn)
addAddressList(app, database, signedIn)
addOwnProfile(app, database, signedIn)
if (database.transaction) {
  takeForms(app)
  addCodes(app, database)
  addAddressForm(app, database, signedIn)
  addMessageForm(app, database, signedIn)
}

await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
