/** What host and client do with the token besides sending it: prove that they hold it, and compare it without leaking it. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a host answers to a client's nonce: only a holder of the token can, and the token stays unsaid. */
export function proofOf(token: string, nonce: string): string {
  return createHmac('sha256', token).update(nonce).digest('hex');
}

/** Takes equally long however much of a guess was right: proofs have one length, which `timingSafeEqual` demands. */
export function isSameToken(given: string, token: string): boolean {
  const nonce = 'comparison';
  return timingSafeEqual(Buffer.from(proofOf(given, nonce)), Buffer.from(proofOf(token, nonce)));
}
