// Who or which group this is, whether they are there, and how to call them.
import { ArrowLeft, PanelRight, Phone, Search, Video } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import type { CallType, ConversationId, State } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { useActions, useBelfry } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { longTime } from '../words/format.en.ts';
import { ConversationFace } from './ConversationFace.tsx';
import { useIsMember } from './membership.ts';
import { titleOf } from './people.ts';
import { useInCall, useJoinable } from './useOwnCall.ts';
import css from './ChatHeader.module.css';

export interface ChatHeaderProps {
  readonly conversationId: ConversationId;
  readonly searching: boolean;
  readonly detailed: boolean;
  readonly onSearch: () => void;
  readonly onDetails: () => void;
}

export function ChatHeader({ conversationId, searching, detailed, onSearch, onDetails }: ChatHeaderProps) {
  const name = useBelfry((state) => titleOf(state, state.conversations[conversationId]));
  const status = useBelfry((state) => statusOf(state, conversationId));
  const member = useIsMember(conversationId);
  return (
    <header className={css['header']}>
      <Link href="/" className={css['back']} aria-label={chatWords.backToChats}><ArrowLeft size={20} strokeWidth={1.75} aria-hidden="true" /></Link>
      <ConversationFace conversationId={conversationId} size={40} presence className={css['face']} />
      <div className={css['names']}>
        <h1 tabIndex={-1}>{name}</h1>
        {status !== '' && <p className={css['status']} data-part="presence">{status}</p>}
      </div>
      {member && (
        <div className={css['buttons']}>
          <CallButtons conversationId={conversationId} />
          <IconButton label={chatWords.searchHere} icon={Search} tooltip="below-end" aria-expanded={searching} onClick={onSearch} />
          <IconButton label={chatWords.details} icon={PanelRight} tooltip="below-end" aria-expanded={detailed} onClick={onDetails} />
        </div>
      )}
    </header>
  );
}

function statusOf(state: State, id: ConversationId): string {
  const conversation = state.conversations[id];
  if (!conversation) return '';
  if (conversation.kind === 'group') return chatWords.members(conversation.members.length);
  const other = conversation.otherId ? state.people[conversation.otherId] : undefined;
  if (!other) return '';
  return other.presence === 'offline' && other.lastSeenAt ? chatWords.lastSeen(longTime(other.lastSeenAt, Date.now())) : chatWords.presence[other.presence];
}

function CallButtons({ conversationId }: { readonly conversationId: ConversationId }) {
  const actions = useActions();
  const inCall = useInCall();
  const joinable = useJoinable(conversationId);
  const people = useBelfry((state) => state.conversations[conversationId]?.activeCallPeople?.length);
  const [, navigate] = useLocation();
  const why = inCall ? chatWords.inACall : undefined;
  if (joinable !== null) {
    return (
      <Button kind="live" size="small" className={css['join']} data-participants={people} disabled={inCall} why={why ?? (people ? chatWords.joined(people) : undefined)}
        icon={<Phone size={16} strokeWidth={1.75} />} onClick={() => navigate(`/call/${joinable}`)}>
        {chatWords.joinCall}{people ? <span className={css['people']} aria-hidden="true">{people}</span> : null}
      </Button>
    );
  }
  const start = (type: CallType) => () => actions.startCall(conversationId, type);
  return (
    <>
      <IconButton label={chatWords.audioCall} icon={Phone} disabled={inCall} why={why} onClick={start('audio')} />
      <IconButton label={chatWords.videoCall} icon={Video} disabled={inCall} why={why} onClick={start('video')} />
    </>
  );
}
