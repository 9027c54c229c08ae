// Reads a description from standard input and writes its types to standard output.
import { json } from 'node:stream/consumers'
import openapiTypes, { astToString } from 'openapi-typescript'

process.stdout.write(astToString(await openapiTypes(await json(process.stdin), { silent: true })))
