// The address of a call that I am not in: it rings here and waits for my answer, or it runs and can be joined, or it is not mine.
import { useEffect, useRef, useState } from 'react';
import type { ConversationId } from '../../state/model.ts';
import NotFound from '../pages/NotFound.tsx';
import { useBelfry } from '../use.ts';
import { callWords } from '../words/call.en.ts';
import { useName } from './names.ts';
import { PreJoin } from './PreJoin.tsx';
import css from './CallPlace.module.css';

/** What is known of the call at first may be old: the server is asked for it while the page starts. */
const kGraceMs = 2000;

function useGrace(): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), kGraceMs);
    return () => clearTimeout(timer);
  }, []);
  return over;
}

export interface CallPlaceProps {
  readonly id: string;
  /** To the conversation; null: home. */
  readonly leave: (to: ConversationId | null) => void;
}

export default function CallPlace({ id, leave }: CallPlaceProps) {
  const incoming = useBelfry((state) => (state.incoming?.id === id ? state.incoming : null));
  const joinable = useBelfry((state) => Object.values(state.conversations).find((each) => each.activeCallId === id));
  const rang = useRef<{ conversation: ConversationId | null } | null>(null);
  const name = useName(incoming?.callerId ?? '');
  const over = useGrace();

  useEffect(() => {
    if (incoming) rang.current = { conversation: incoming.conversationId };
    else if (rang.current) leave(rang.current.conversation);
    else if (id === 'new') leave(null);
  }, [incoming, id, leave]);

  if (incoming) return <div className={css['waiting']}><h1 className="visually-hidden">{name}</h1></div>;
  if (joinable) {
    return (
      <div className={css['waiting']}>
        <h1 className="visually-hidden">{callWords.ready}</h1>
        <PreJoin conversation={joinable} onNotNow={() => leave(joinable.id)} />
      </div>
    );
  }
  return over && id !== 'new' ? <NotFound what="call" /> : <div className={css['waiting']}><h1 className="visually-hidden">{callWords.region}</h1></div>;
}
