// moleculer-web on moleculer, the peer nearest in kind: a gateway in front of named actions, in one process.
import { Ajv } from 'ajv'
import { ServiceBroker } from 'moleculer'
import ApiGateway from 'moleculer-web'
import {
  contentType,
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

const broker = new ServiceBroker({ logger: false })
broker.createService({
  name: 'passport',
  actions: {
    call(context) {
      const { params, meta } = context
      meta.$responseType = contentType
      meta.$responseHeaders = envelopeHeaders
      if (!fits(params)) return { code: 413, message: '参数错误' }
      const user = methods.get(params.method)?.(params)
      if (user === undefined) return { code: 1000, message: '接口不存在' }
      return { code: 200, data: describeUser(user), message: successMessage }
    },
  },
})
broker.createService({
  name: 'api',
  mixins: [ApiGateway],
  settings: {
    port: Number(process.env.PORT),
    ip: '127.0.0.1',
    routes: [
      {
        path: '/',
        aliases: { 'GET gateway': 'passport.call' },
        mappingPolicy: 'restrict',
        bodyParsers: false,
      },
    ],
  },
})
await broker.start()
