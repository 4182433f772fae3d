// Back to a message that stands far above: page by page, until it is here.
import type { Revealed } from '../state/actions.ts';
import type { ConversationId } from '../state/model.ts';
import { firstSeq } from '../state/messages.ts';
import { kMost, type Pages } from './chat_pages.ts';

/** So many pages are asked for at once on the way to a message far above: numbers have no gaps, so it is known where each begins. */
const kAtOnce = 4;

/** `isLeft`: whoever asked does not look at this conversation any more. */
export async function reveal(pages: Pages, id: ConversationId, seq: number, isLeft: () => boolean): Promise<Revealed> {
  while (!isLeft()) {
    const { messages } = pages.get(id);
    if (messages.some((each) => each.seq === seq)) return 'found';
    const missing = (firstSeq(messages) ?? 0) - seq;
    if (missing <= 0) return 'missing';
    const found = await pages.older(id, kMost, Math.min(kAtOnce, Math.ceil(missing / kMost)));
    if (found === 'failed') return isLeft() ? 'left' : 'missing';
  }
  return 'left';
}
