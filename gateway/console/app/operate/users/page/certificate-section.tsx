import { useTexts } from '../../../words.js'
import { CertificatePictures } from '../pictures.js'
import { Review } from '../review.js'
import { Facts, Section } from '../section.js'
import { useTime } from '../times.js'
import type { UserPageData } from '../user-data.js'
import { words } from '../words.js'

interface Props {
  readonly page: UserPageData
  readonly onDone: (label: string) => void
}

/** The certificate of a user, with its review while it waits. */
export function CertificateSection({ page: { certificate, user }, onDone }: Props) {
  const text = useTexts(words)
  const time = useTime()
  const { state, reviewer_id: reviewer, review_note: note } = certificate
  if (state === 0) return <Section title={text.certificate}>{text.certificateStates[0]}</Section>
  const by = reviewer > 0 ? ` · ${text.reviewer} ${reviewer}` : ''
  return (
    <Section title={text.certificate}>
      <Facts
        facts={[
          [text.state, text.certificateStates[state] ?? state],
          [text.realname, certificate.realname || '–'],
          [text.idcard, certificate.idcard || '–'],
          [text.submitted, time(certificate.submit_time)],
          [text.reviewed, `${time(certificate.review_time)}${by}`],
          ...(note === '' ? [] : [[text.note, note] as const]),
        ]}
      />
      <CertificatePictures pictures={certificate.pictures} />
      {state === 1 && <Review userId={user.user_id} onDone={onDone} />}
    </Section>
  )
}
