import { createPrivateKey } from 'node:crypto'

const block = /-----BEGIN (?:RSA )?PRIVATE KEY-----[\s\S]+?-----END (?:RSA )?PRIVATE KEY-----/g
/** As the login key that the server makes: clients and the length of what they send are made for it. */
const modulusBits = 2048

/**
 * The private keys of a text in PEM, each as a text of its own. Undefined where anything else stands there, or a key
 * other than RSA of 2048 bits.
 */
export function readLoginKeys(text: string): string[] | undefined {
  const keys = text.match(block) ?? []
  const rest = text.replace(block, '').trim()
  return keys.length > 0 && rest === '' && keys.every(isLoginKey) ? keys : undefined
}

function isLoginKey(pem: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem)
    return asymmetricKeyType === 'rsa' && asymmetricKeyDetails?.modulusLength === modulusBits
  } catch {
    return false
  }
}
