// Back to a message that stands far above: page by page, until it is here.
import type { Revealed } from '../state/actions.ts';
import type { ConversationId } from '../state/model.ts';
import { firstSeq } from '../state/messages.ts';
import { kMost, type Pages } from './chat_pages.ts';

/**
 * So many pages are asked for at once: numbers have no gaps, so it is known where each begins. More would take the six connections that a
 * browser has to a server from all else that is asked for meanwhile.
 */
const kAtOnce = 4;

/** `isLeft`: whoever asked does not look at this conversation any more. While it loads nothing is looked for: who asks does so again then. */
export async function reveal(pages: Pages, id: ConversationId, seq: number, isLeft: () => boolean): Promise<Revealed> {
  let atOnce = kAtOnce;
  while (!isLeft()) {
    const { messages, phase } = pages.get(id);
    if (phase !== 'ready') return 'left';
    if (messages.some((each) => each.seq === seq)) return 'found';
    const missing = (firstSeq(messages) ?? 0) - seq;
    if (missing <= 0) return 'missing';
    const found = await pages.older(id, kMost, Math.min(atOnce, Math.ceil(missing / kMost)));
    if (found === 'failed') return isLeft() ? 'left' : 'missing';
    // Where texts are long the server ends pages early, and of several that are asked for at once only the first can be used.
    atOnce = found === 'short' ? 1 : kAtOnce;
  }
  return 'left';
}
