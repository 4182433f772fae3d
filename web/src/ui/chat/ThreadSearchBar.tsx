// `Search in this conversation`: what is typed is looked for, and each hit is led to.
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { ConversationId } from '../../state/model.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { SearchField } from '../parts/SearchField.tsx';
import { useActions, useBelfry } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import css from './ThreadSearchBar.module.css';

export function ThreadSearchBar({ conversationId, onClose }: { readonly conversationId: ConversationId; readonly onClose: () => void }) {
  const actions = useActions();
  const [query, setQuery] = useState('');
  const count = useBelfry((state) => state.threadSearch?.hits.length ?? 0);
  const at = useBelfry((state) => state.threadSearch?.at ?? 0);
  const found = useBelfry((state) => state.threadSearch?.query ?? '');
  const bar = useRef<HTMLDivElement>(null);

  useEffect(() => {
    bar.current?.querySelector('input')?.focus();
    return () => actions.endSearch();
  }, [actions, conversationId]);
  useEffect(() => actions.searchIn(conversationId, query.trim()), [actions, conversationId, query]);

  const done = query.trim() !== '' && found === query.trim();
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Enter') actions.stepSearch(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={bar} className={css['bar']} role="search">
      <SearchField label={chatWords.searchBox} value={query} onChange={setQuery} onKeyDown={key} className={css['field']} />
      <p role="status" className={css['status']}>{done ? (count > 0 ? chatWords.resultAt(at + 1, count) : chatWords.nothingFound) : ''}</p>
      <IconButton label={chatWords.previousResult} icon={ChevronUp} disabled={count < 2} onClick={() => actions.stepSearch(-1)} />
      <IconButton label={chatWords.nextResult} icon={ChevronDown} disabled={count < 2} onClick={() => actions.stepSearch(1)} />
      <IconButton label={chatWords.closeSearch} icon={X} tooltip="below-end" onClick={onClose} />
    </div>
  );
}
