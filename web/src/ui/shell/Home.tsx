// No chat is chosen. The address `/?with=USER` opens the chat with somebody, which is made if there is none yet: where the link of a person
// leads with whom no conversation exists.
import { useEffect } from 'react';
import { useLocation, useSearch } from 'wouter';
import { Empty } from '../parts/Empty.tsx';
import { useActions } from '../use.ts';
import * as words from '../words/page.en.ts';

export function Home() {
  const { conversationWith } = useActions();
  const [, navigate] = useLocation();
  const user = new URLSearchParams(useSearch()).get('with');
  useEffect(() => {
    if (user === null) return undefined;
    let gone = false;
    void conversationWith(user).then((conversation) => {
      if (!gone) navigate(conversation === null ? '/' : `/c/${conversation}`, { replace: true });
    });
    return () => { gone = true; };
  }, [user, conversationWith, navigate]);
  return (
    <>
      <h1 className="visually-hidden">{words.chats}</h1>
      {user === null && <Empty of="chat" title={words.empty.chat.title} text={words.empty.chat.text} />}
    </>
  );
}
