import { useTexts } from '../../../words.js'
import { CertificatePictures } from '../pictures.js'
import { Review } from '../review.js'
import { UserLink } from '../../links.js'
import { Facts, Section } from '../../section.js'
import { formatMoment } from '../../times.js'
import type { UserPageData } from '../user-data.js'
import { words } from '../words.js'

interface Props {
  readonly page: UserPageData
  readonly onDone: (label: string) => void
}

/** The certificate of a user, with its review while it waits. */
export function CertificateSection({ page: { certificate, user }, onDone }: Props) {
  const text = useTexts(words)
  const { state, reviewer_id: reviewer, review_note: note } = certificate
  if (state === 0) return <Section title={text.certificate}>{text.certificateStates[0]}</Section>
  return (
    <Section title={text.certificate}>
      <Facts
        facts={[
          [text.state, text.certificateStates[state] ?? state],
          [text.realname, certificate.realname || '–'],
          [text.idcard, certificate.idcard || '–'],
          [text.submitted, formatMoment(certificate.submit_time)],
          [text.reviewed, formatMoment(certificate.review_time)],
          ...(reviewer > 0 ? [[text.reviewer, <UserLink key="by" id={reviewer} />] as const] : []),
          ...(note === '' ? [] : [[text.note, note] as const]),
        ]}
      />
      <CertificatePictures pictures={certificate.pictures} />
      {state === 1 && <Review userId={user.user_id} onDone={onDone} />}
    </Section>
  )
}
