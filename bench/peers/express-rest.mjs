// Express 5 as it is commonly written, answering a key out of its memory.
import express from 'express'
import { envelopeHeaders } from '../../dist/bench/job.js'

const cache = new Map([['public-key', process.env.BENCH_PUBLIC_KEY]])

const app = express()
app.use(express.json())
app.use(express.urlencoded({ extended: true }))
app.get('/front/sys/config/publicKey', (_, response) => {
  const data = { public_key: cache.get('public-key') }
  response.set(envelopeHeaders).json({ status: 200, code: 0, msg: '操作成功', data, error: null })
})
app.listen(Number(process.env.PORT), '127.0.0.1')
