// Fastify 5 with its strong points in use: a schema for the query string, a compiled serialiser, no logger.
import fastify from 'fastify'
import {
  contentType,
  describeUser,
  envelopeHeaders,
  envelopeSchema,
  jobSchema,
  makeUsers,
  methodNames,
  successMessage,
} from '../../dist/bench/job.js'
import { isSigned } from './sign.mjs'

const signed = process.argv.includes('--sign')
const users = makeUsers()
const answerUser = (query) => users.get(query.uid)
const methods = new Map(methodNames.map((name) => [name, answerUser]))
const headers = { 'Content-Type': contentType, ...envelopeHeaders }

// The signature covers the texts as they were sent, so it is looked at before they are coerced.
const preValidation = signed
  ? (request, _, done) => done(isSigned(request.query) ? undefined : new Error('signature'))
  : undefined
const schema = { querystring: jobSchema, response: { 200: envelopeSchema } }
const app = fastify({ logger: false })
app.get('/gateway', { schema, ...(preValidation && { preValidation }) }, (request, reply) => {
  const user = methods.get(request.query.method)?.(request.query)
  reply.headers(headers)
  if (user === undefined) reply.code(404).send({ code: 1000, message: '接口不存在' })
  else reply.send({ code: 200, data: describeUser(user), message: successMessage })
})
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
