// The conversations are asked for until they are here: when somebody signs in, and whenever events may have been missed.
import { pointersOf } from '../state/receipts.ts';
import type { ChatContext } from './chat_context.ts';
import type { ConversationList } from './chat_list.ts';
import type { Receipts } from './chat_receipts.ts';

const kTryAgainMs = 2_000;

/** After a while, or as soon as there is a connection. */
const nextTry = ({ link, clock }: ChatContext): Promise<void> => new Promise((resolve) => {
  if (link.state() === 'online') return void clock.after(kTryAgainMs, resolve);
  const stop = link.onState((state) => {
    if (state !== 'online') return;
    stop();
    resolve();
  });
});

/** What came while nobody was here has reached this browser now. */
function tellDelivered(chat: ChatContext, receipts: Receipts): void {
  const me = chat.myId();
  if (me === null) return;
  for (const conversation of Object.values(chat.store.getState().conversations)) {
    const last = conversation.lastMessage?.seq ?? 0;
    if (conversation.unread > 0 && pointersOf(conversation, me).delivered < last) receipts.delivered(conversation.id, last);
  }
}

/** Until it is done, or somebody else is signed in. */
export async function loadAll(chat: ChatContext, list: ConversationList, receipts: Receipts): Promise<void> {
  const me = chat.myId();
  while (me !== null && chat.myId() === me && !(await list.load())) await nextTry(chat);
  if (me !== null && chat.myId() === me) tellDelivered(chat, receipts);
}
