import { Badge, Code, Group, Stack, Text, Title } from '@mantine/core'
import { formOf, type Method, type MethodError, type Parameter, type ResultField } from './description.js'
import { Marked } from './marked.js'
import type { Caller } from '../call/signed-call.js'
import { TryIt } from '../call/try-it.js'
import { useLanguage, useWords } from '../words.js'
import { WideTable } from '../wide-table.js'

interface Props {
  readonly method: Method
  readonly caller: Caller
  readonly onCaller: (caller: Caller) => void
}

/** What a method is for, takes and answers, and a form to call it. */
export function MethodPage({ method, caller, onCaller }: Props) {
  const text = useWords()
  const language = useLanguage()
  return (
    <Stack gap="lg">
      <div>
        <Title order={2} size="h3" className="name">
          {method.name}
        </Title>
        <Text fw={500}>{method.title[language]}</Text>
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
  const rows = parameters.map(({ name, meaning, required, schema, example }) => [
    <>
      <Code>{name}</Code> {required && <Badge size="sm">{text.required}</Badge>}
    </>,
    <Marked text={meaning || schema.description || ''} />,
    formOf(schema),
    example,
  ])
  const heads = [text.parameter, text.meaning, text.form, text.example]
  return <WideTable label={text.parameters} heads={heads} rows={rows} />
}

function ResultTable({ fields }: { readonly fields: readonly ResultField[] }) {
  const text = useWords()
  const rows = fields.map(({ path, form, meaning }) => [<Code>{path}</Code>, <Marked text={meaning} />, form])
  return <WideTable label={text.results} heads={[text.field, text.meaning, text.form]} rows={rows} />
}

function ErrorTable({ errors }: { readonly errors: readonly MethodError[] }) {
  const text = useWords()
  const rows = errors.map(({ name, code, text: message, cause, fix }) => [
    <>
      <Code>{name}</Code> {code}
      <Text size="sm">{message}</Text>
    </>,
    <Marked text={cause} />,
    <Marked text={fix} />,
  ])
  return <WideTable label={text.errors} heads={[text.code, text.cause, text.fix]} rows={rows} />
}
