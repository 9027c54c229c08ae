import { contractDocuments } from '../../schemas/contracts.js'
import type { CompiledTable } from '../contract/compile-table.js'
import { packageVersion } from '../services/telemetry/own-package.js'
import { describeErrorExamples, describeErrorResponses, describeErrorSchemas } from './errors.js'
import type { OpenApiDocument, PathItem, SchemaObject } from './objects.js'
import { describePaths } from './operations.js'
import { securitySchemes } from './security.js'
import { describeDefinitions, describeFields, describeSchema } from './schemas.js'

const introduction = `An account server behind one endpoint, described from the contracts that it checks every call by.

Each method answers on \`/gateway/NAME\`, by GET and POST, and so it does on \`/gateway?method=NAME\`: the same call with the same signature. Its envelope is \`{"code","data","message"}\`, code 200 for success. Methods named \`front.…\` and \`manage.…\` also answer on their REST paths, in the envelope \`{"status","code","msg","data","error"}\`, status 200 for success.

Parameters stand in the query, in a form or in JSON; where a request has both a query and a body, the query counts. What is not declared is ignored. The methods of \`front.…\` and \`manage.…\` take each parameter in snake_case and in camelCase; of both, snake_case counts.

Errors have one name and a number in each envelope, nearly all of them under HTTP 200; the examples of the \`default\` response say of each when it is answered and what to do.`

/** All that the gateway answers, as an OpenAPI 3.1 description. `publicUrl`: where clients reach it. */
export function describeGateway({ byName }: CompiledTable, publicUrl: string): OpenApiDocument {
  const paths = Object.fromEntries(
    [...byName].flatMap(([name, method]) => describePaths(method, name)),
  ) satisfies Record<string, PathItem>
  const own = { ...describeErrorSchemas(), ...describeMethodSchemas(byName) }
  const definitions = describeDefinitions(JSON.stringify([paths, own]))
  return {
    openapi: '3.1.0',
    info: {
      title: 'passport-gateway',
      version: packageVersion(),
      summary: 'Accounts, sessions, codes and messages',
      description: introduction,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl }],
    tags: [...new Set(Object.values(paths).flatMap(tagsOf))].sort().map((name) => ({
      name,
      description: `Methods \`${name}.…\``,
    })),
    paths,
    components: {
      securitySchemes,
      schemas: { ...own, ...definitions },
      responses: describeErrorResponses(),
      examples: describeErrorExamples(),
    },
  }
}

function tagsOf({ get, post }: PathItem): readonly string[] {
  return (get ?? post)?.tags ?? []
}

function describeMethodSchemas(byName: CompiledTable['byName']): Record<string, SchemaObject> {
  const schemas: Record<string, SchemaObject> = {}
  for (const { name } of new Set(byName.values())) {
    const document = contractDocuments[name]
    const result = document.$defs?.result
    const isForm =
      Object.keys(document.properties).length > 0 && !document['x-file'] && !document['x-text-body']
    if (isForm) schemas[`${name}.params`] = describeFields(document)
    if (result) schemas[`${name}.result`] = describeSchema(result)
  }
  return schemas
}
