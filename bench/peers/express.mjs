// Express 5 as it is commonly written: body parsers for all, one route, ajv, `response.json`.
import { Ajv } from 'ajv'
import express from 'express'
import {
  describeUser,
  envelopeHeaders,
  jobSchema,
  makeUsers,
  methodNames,
  successMessage,
} from '../../dist/bench/job.js'

const users = makeUsers()
const answerUser = (query) => users.get(query.uid)
const methods = new Map(methodNames.map((name) => [name, answerUser]))
const fits = new Ajv({ coerceTypes: true }).compile(jobSchema)

const app = express()
app.use(express.json())
app.use(express.urlencoded({ extended: true }))
app.get('/gateway', (request, response) => {
  const query = { ...request.query }
  response.set(envelopeHeaders)
  if (!fits(query)) return response.status(400).json({ code: 413, message: '参数错误' })
  const user = methods.get(query.method)?.(query)
  if (user === undefined) return response.status(404).json({ code: 1000, message: '接口不存在' })
  return response.json({ code: 200, data: describeUser(user), message: successMessage })
})
app.listen(Number(process.env.PORT), '127.0.0.1')
