import { Anchor, Group } from '@mantine/core'
import { useTexts } from '../../words.js'
import type { Picture } from './user-data.js'
import { words } from './words.js'

/** Where this page reaches an upload: on its own host, whatever PUBLIC_URL is. */
function ownPath(address: string): string {
  const { pathname, search } = new URL(address)
  return pathname + search
}

/** A user's picture if this server has it, else the first letter of the name: the page loads nothing from elsewhere. */
export function Face({ picture, name }: { readonly picture: Picture; readonly name: string }) {
  if (picture.is_upload) return <img className="face" src={ownPath(picture.address)} alt="" />
  return (
    <span className="face" aria-hidden="true">
      {Array.from(name)[0] ?? '?'}
    </span>
  )
}

/** The pictures of a certificate: those of this server as pictures, others as links that tell nobody where from. */
export function CertificatePictures({ pictures }: { readonly pictures: readonly Picture[] }) {
  const text = useTexts(words)
  if (pictures.length === 0) return text.noPictures
  return (
    <Group align="flex-start" className="pictures">
      {pictures.map(({ address, is_upload: isUpload }, at) =>
        isUpload ? (
          <a key={address} href={ownPath(address)} target="_blank" rel="noopener noreferrer">
            <img className="card" src={ownPath(address)} alt={`${text.picture} ${at + 1}`} />
          </a>
        ) : (
          <Elsewhere key={address} address={address} />
        ),
      )}
    </Group>
  )
}

function Elsewhere({ address }: { readonly address: string }) {
  const text = useTexts(words)
  // What an old shop holds may be no address of a page at all.
  if (!/^https?:\/\/[^\s<>"'`\\]+$/i.test(address)) return <span className="name">{address}</span>
  return (
    <Anchor className="name" href={address} target="_blank" rel="noopener noreferrer">
      {text.elsewhere}: {address}
    </Anchor>
  )
}
