// The parts of the chat, each made of those before it.
import { makeArrivals, type Arrivals } from './chat_arrivals.ts';
import type { ChatContext } from './chat_context.ts';
import { makeDelivery, type Delivery } from './chat_delivery.ts';
import { makeDrafts, type Drafts } from './chat_drafts.ts';
import { followGroupCalls } from './chat_group_calls.ts';
import { makeList, type ConversationList } from './chat_list.ts';
import { makeNotices, type Notices } from './chat_notices.ts';
import { makeOutbox, type Outbox } from './chat_outbox.ts';
import { makeQueue, type Queue } from './chat_queue.ts';
import { makeReceipts, type Receipts } from './chat_receipts.ts';
import { makeSearching, type Searching } from './chat_search.ts';
import { makeThreads, type Threads } from './chat_threads.ts';
import { makeTyping, type Typing } from './chat_typing.ts';
import { makeUploads } from './chat_uploads.ts';

export interface ChatParts {
  readonly list: ConversationList;
  readonly threads: Threads;
  readonly arrivals: Arrivals;
  readonly queue: Queue;
  readonly delivery: Delivery;
  readonly outbox: Outbox;
  readonly typing: Typing;
  readonly receipts: Receipts;
  readonly searching: Searching;
  readonly drafts: Drafts;
  readonly notices: Notices;
}

export function makeParts(chat: ChatContext): ChatParts {
  const list = makeList(chat);
  const uploads = makeUploads(chat);
  const queue = makeQueue(chat, uploads.stop);
  const groupCalls = followGroupCalls(chat, list);
  const threads = makeThreads(chat, list, queue.seen, groupCalls.ask);
  const arrivals = makeArrivals(chat, threads);
  const delivery = makeDelivery(chat, queue, uploads, arrivals.arrived);
  return {
    list, queue, threads, arrivals, delivery,
    outbox: makeOutbox(chat, queue, delivery),
    typing: makeTyping(chat),
    receipts: makeReceipts(chat),
    searching: makeSearching(chat),
    drafts: makeDrafts(chat),
    notices: makeNotices(chat),
  };
}
