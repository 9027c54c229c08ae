// Express 5 as it is commonly written, answering the list of user levels out of its memory.
import express from 'express'
import { envelopeHeaders } from '../../dist/bench/job.js'

const cache = new Map([['user-levels', JSON.parse(process.env.BENCH_LEVELS)]])

const app = express()
app.use(express.json())
app.use(express.urlencoded({ extended: true }))
app.get('/front/account/user/listBaseUserLevel', (_, response) => {
  const data = cache.get('user-levels').map((level) => ({
    ...level,
    user_level_spend: Number(level.user_level_spend),
    user_level_rate: Number(level.user_level_rate),
  }))
  response.set(envelopeHeaders).json({ status: 200, code: 0, msg: '操作成功', data, error: null })
})
app.listen(Number(process.env.PORT), '127.0.0.1')
