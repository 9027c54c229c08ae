import { Badge, Code, Group, Stack, Table, Text, Title } from '@mantine/core'
import { formOf, type Method, type MethodError, type Parameter, type ResultField } from './description.js'
import { Marked } from './marked.js'
import type { Caller } from '../call/signed-call.js'
import { TryIt } from '../call/try-it.js'
import { useWords } from '../words.js'

interface Props {
  readonly method: Method
  readonly caller: Caller
  readonly onCaller: (caller: Caller) => void
}

/** What a method is for, takes and answers, and a form to call it. */
export function MethodPage({ method, caller, onCaller }: Props) {
  const text = useWords()
  return (
    <Stack gap="lg">
      <div>
        <Title order={2} size="h3" className="name">
          {method.name}
        </Title>
        <Text fw={500}>{method.title}</Text>
        <Group gap="xs" my="xs">
          {method.verbs.map((verb) => (
            <Badge key={verb} variant="default">
              {verb}
            </Badge>
          ))}
          {method.needsSignature && <Badge variant="default">{text.needsSignature}</Badge>}
          {method.needsSession && <Badge variant="default">{text.needsSession}</Badge>}
        </Group>
        <Code className="name">{method.restPath ?? `/gateway?method=${method.name}`}</Code>
        {method.text.split('\n\n').map((paragraph) => (
          <Text key={paragraph} mt="xs">
            <Marked text={paragraph} />
          </Text>
        ))}
      </div>
      <section>
        <Title order={3} size="h4">
          {text.parameters}
        </Title>
        {method.parameters.length === 0 ? (
          <Text c="dimmed">{text.noParameters}</Text>
        ) : (
          <ParameterTable parameters={method.parameters} />
        )}
      </section>
      <TryIt method={method} caller={caller} onCaller={onCaller} />
      {method.results.length > 0 && (
        <section>
          <Title order={3} size="h4">
            {text.results}
          </Title>
          <ResultTable fields={method.results} />
        </section>
      )}
      <section>
        <Title order={3} size="h4">
          {text.errors}
        </Title>
        {method.errors.length === 0 ? (
          <Text c="dimmed">{text.noErrors}</Text>
        ) : (
          <ErrorTable errors={method.errors} />
        )}
      </section>
    </Stack>
  )
}

function ParameterTable({ parameters }: { readonly parameters: readonly Parameter[] }) {
  const text = useWords()
  return (
    <div className="table" tabIndex={0} role="region" aria-label={text.parameters}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {[text.parameter, text.meaning, text.form, text.example].map((head) => (
              <Table.Th key={head}>{head}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {parameters.map(({ name, meaning, required, schema, example }) => (
            <Table.Tr key={name}>
              <Table.Td>
                <Code>{name}</Code> {required && <Badge size="sm">{text.required}</Badge>}
              </Table.Td>
              <Table.Td>
                <Marked text={meaning || schema.description || ''} />
              </Table.Td>
              <Table.Td className="name">{formOf(schema)}</Table.Td>
              <Table.Td className="name">{example}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

function ResultTable({ fields }: { readonly fields: readonly ResultField[] }) {
  const text = useWords()
  return (
    <div className="table" tabIndex={0} role="region" aria-label={text.results}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {[text.field, text.meaning, text.form].map((head) => (
              <Table.Th key={head}>{head}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {fields.map(({ path, form, meaning }) => (
            <Table.Tr key={path}>
              <Table.Td>
                <Code>{path}</Code>
              </Table.Td>
              <Table.Td>
                <Marked text={meaning} />
              </Table.Td>
              <Table.Td className="name">{form}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

function ErrorTable({ errors }: { readonly errors: readonly MethodError[] }) {
  const text = useWords()
  return (
    <div className="table" tabIndex={0} role="region" aria-label={text.errors}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {[text.code, text.cause, text.fix].map((head) => (
              <Table.Th key={head}>{head}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {errors.map(({ name, code, text: message, cause, fix }) => (
            <Table.Tr key={name}>
              <Table.Td>
                <Code>{name}</Code> {code}
                <Text size="sm">{message}</Text>
              </Table.Td>
              <Table.Td>
                <Marked text={cause} />
              </Table.Td>
              <Table.Td>
                <Marked text={fix} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}
