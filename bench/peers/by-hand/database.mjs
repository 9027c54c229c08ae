// The driver's own prepared statements: libsql's of a file, mysql2's `execute` of a pool.
import libsql from 'libsql'
import mysql from 'mysql2'

/** Opens the database of a URL as DATABASE_URL has it. Statements take an array of values. */
export function openDatabase(url) {
  return url.startsWith('sqlite:') ? openFile(url.slice('sqlite:'.length)) : openPool(url)
}

function openFile(file) {
  const db = new libsql(file)
  return {
    prepareFirst(sql) {
      const statement = db.prepare(sql)
      return (values) => statement.get(values)
    },
    prepareAll(sql) {
      const statement = db.prepare(sql)
      return (values) => statement.all(values)
    },
  }
}

function openPool(url) {
  const pool = mysql.createPool({ uri: url, connectionLimit: 20, timezone: 'Z' })
  // The server's own level locks the gaps between rows as well, and those who make rows of limits then end in deadlocks.
  pool.on('connection', (connection) =>
    connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED'),
  )
  const prepareAll = (sql) => (values) => execute(pool, sql, values)
  return {
    prepareAll,
    prepareFirst: (sql) => (values) => prepareAll(sql)(values).then((rows) => rows[0]),
    transaction: (work) => runTransaction(pool, work),
  }
}

function execute(connection, sql, values) {
  return new Promise((resolve, reject) => {
    connection.execute(sql, values, (error, result) => (error ? reject(error) : resolve(result)))
  })
}

const mostTries = 8

/** Runs `work` between BEGIN and COMMIT, and again after a deadlock; it is given a function that runs a statement. */
async function runTransaction(pool, work) {
  for (let tries = 1; ; tries++) {
    const connection = await new Promise((resolve, reject) => {
      pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)))
    })
    const say = (sql) =>
      new Promise((resolve, reject) => {
        connection.query(sql, (error) => (error ? reject(error) : resolve()))
      })
    try {
      await say('BEGIN')
      const result = await work((sql, values) => execute(connection, sql, values))
      await say('COMMIT')
      return result
    } catch (error) {
      await say('ROLLBACK')
      if (error.code !== 'ER_LOCK_DEADLOCK' || tries === mostTries) throw error
    } finally {
      connection.release()
    }
  }
}
