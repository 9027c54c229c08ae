import { Group, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../words.js'
import { useSession } from '../session.js'
import { Act } from '../act.js'
import { words } from './words.js'

/** The name of the method that ends a certificate's wait. */
const reviewCertificate = 'manage.account.user.reviewCertificate'

interface Props {
  readonly userId: number
  readonly onDone: (label: string) => void
}

/** Lets a certificate pass, or fail with a note that its user reads. */
export function Review({ userId, onDone }: Props) {
  const text = useTexts(words)
  const { may } = useSession()
  const [note, setNote] = useState('')
  if (!may(reviewCertificate)) return null
  const params = (passed: boolean) => ({ user_id: userId, passed, note: note.trim() })
  return (
    <Stack>
      <Textarea
        label={text.note}
        description={text.failNeedsNote}
        maxLength={255}
        autosize={false}
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
      <Group align="flex-start">
        <Act
          label={text.pass}
          of={String(userId)}
          method={reviewCertificate}
          params={params(true)}
          onDone={onDone}
        />
        <Act
          label={text.fail}
          of={String(userId)}
          method={reviewCertificate}
          params={params(false)}
          isDisabled={note.trim() === ''}
          onDone={onDone}
        />
      </Group>
    </Stack>
  )
}
