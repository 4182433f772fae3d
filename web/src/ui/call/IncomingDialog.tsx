// Somebody calls: over every page and every other dialog. The focus goes to the dialog itself, and neither keys nor presses of its first half
// second do anything, so that what was meant for the page below cannot answer (DESIGN §3). "Do not disturb": the same three buttons, quietly.
import { Phone, PhoneOff, Video, Volume2 } from 'lucide-react';
import { type KeyboardEvent as ReactKeyboardEvent, type RefObject, useEffect, useId, useLayoutEffect, useRef } from 'react';
import type { Incoming } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { useModal } from '../parts/modal.ts';
import { Ring } from '../parts/Ring.tsx';
import { useActions, useBelfry } from '../use.ts';
import { callWords } from '../words/call.en.ts';
import { PersonFace } from './Face.tsx';
import { groupNameOf, useName } from './names.ts';
import css from './IncomingDialog.module.css';

const kGuardMs = 500;
const kIcon = { size: 20, strokeWidth: 1.75 } as const;

/** Swallows keys and presses that began in the first half second. Returns whether one of now would be. */
function useGuard(dialog: RefObject<HTMLElement | null>, callId: string): () => boolean {
  const since = useRef(0);
  useLayoutEffect(() => { since.current = performance.now(); }, [callId]);
  useEffect(() => {
    const element = dialog.current;
    if (!element) return undefined;
    let pressedEarly = false;
    const early = () => performance.now() - since.current < kGuardMs;
    const begin = (event: Event) => {
      const repeated = event instanceof KeyboardEvent && event.repeat;
      if (!repeated) pressedEarly = early();
      if (pressedEarly) swallow(event);
    };
    const end = (event: Event) => { if (pressedEarly || early()) swallow(event); };
    const swallow = (event: Event) => {
      event.preventDefault();
      event.stopPropagation();
    };
    const begins = ['pointerdown', 'mousedown', 'touchstart', 'keydown'] as const;
    const ends = ['click', 'keyup'] as const;
    for (const name of begins) element.addEventListener(name, begin, { capture: true });
    for (const name of ends) element.addEventListener(name, end, { capture: true });
    return () => {
      for (const name of begins) element.removeEventListener(name, begin, { capture: true });
      for (const name of ends) element.removeEventListener(name, end, { capture: true });
    };
  }, [dialog, callId]);
  return () => performance.now() - since.current < kGuardMs;
}

/** Tab goes round among the three buttons; Escape does nothing: a call is not declined by reflex. */
function keepInside(event: ReactKeyboardEvent<HTMLElement>): void {
  if (event.key === 'Escape') event.preventDefault();
  if (event.key !== 'Tab') return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const now = buttons.findIndex((button) => button === document.activeElement);
  const next = event.shiftKey ? (now <= 0 ? buttons.length - 1 : now - 1) : (now + 1) % buttons.length;
  buttons[next]?.focus();
}

function useAcceptByKey(incoming: Incoming, early: () => boolean): void {
  const { accept } = useActions();
  const { type } = incoming;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !event.ctrlKey || !event.altKey || event.repeat || early()) return;
      event.preventDefault();
      accept(type);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });
}

function Caller({ incoming, textId, quiet }: { readonly incoming: Incoming; readonly textId: string; readonly quiet: boolean }) {
  const name = useName(incoming.callerId);
  const group = useBelfry((state) => groupNameOf(state, incoming.conversationId));
  const size = quiet ? 40 : 96;
  return (
    <div className={css['caller']}>
      <span className={css['face']}><Ring state="incoming" size={size}><PersonFace user={incoming.callerId} size={size} /></Ring></span>
      <div className={css['words']}>
        <h2 className={css['name']}>{name}</h2>
        <p id={textId} className={css['text']}>
          {incoming.group ? callWords.incomingGroupText(name, group, incoming.type) : callWords.incomingText(name, incoming.type)}
        </p>
      </div>
    </div>
  );
}

function Answers({ incoming }: { readonly incoming: Incoming }) {
  const { accept, decline } = useActions();
  const first = incoming.type;
  return (
    <div className={css['answers']}>
      <Button size="large" kind={first === 'video' ? 'live' : 'plain'} icon={<Video {...kIcon} />} onClick={() => accept('video')}>
        {callWords.acceptWithVideo}
      </Button>
      <Button size="large" kind={first === 'audio' ? 'live' : 'plain'} icon={<Phone {...kIcon} />} onClick={() => accept('audio')}>
        {callWords.acceptWithAudio}
      </Button>
      <Button size="large" kind="danger" className={css['decline']} icon={<PhoneOff {...kIcon} />} onClick={() => decline()}>
        {callWords.decline}
      </Button>
    </div>
  );
}

function SoundHint({ incoming }: { readonly incoming: Incoming }) {
  return incoming.soundBlocked && (
    <p className={css['hint']} data-part="sound-hint"><Volume2 size={20} strokeWidth={1.75} aria-hidden="true" />{callWords.soundHint}</p>
  );
}

const nameOfDialog = (incoming: Incoming): string => (incoming.group ? callWords.incomingGroup : callWords.incoming);

function Loud({ incoming }: { readonly incoming: Incoming }) {
  const dialog = useModal(null);
  const early = useGuard(dialog, incoming.id);
  const textId = useId();
  useAcceptByKey(incoming, early);
  return (
    <dialog ref={dialog} tabIndex={-1} aria-label={nameOfDialog(incoming)} aria-describedby={textId} className={css['dialog']} onKeyDown={keepInside}
      data-call-id={incoming.id} data-call-type={incoming.type}>
      <Caller incoming={incoming} textId={textId} quiet={false} />
      <SoundHint incoming={incoming} />
      <Answers incoming={incoming} />
    </dialog>
  );
}

/** "Do not disturb": neither sound nor focus. */
function Quiet({ incoming }: { readonly incoming: Incoming }) {
  const card = useRef<HTMLDivElement>(null);
  const early = useGuard(card, incoming.id);
  const textId = useId();
  useAcceptByKey(incoming, early);
  return (
    <div ref={card} role="dialog" aria-label={nameOfDialog(incoming)} aria-describedby={textId} className={css['quiet']} data-call-id={incoming.id}
      data-call-type={incoming.type}>
      <Caller incoming={incoming} textId={textId} quiet />
      <Answers incoming={incoming} />
    </div>
  );
}

export function IncomingDialog() {
  const incoming = useBelfry((state) => state.incoming);
  const quiet = useBelfry((state) => state.settings.doNotDisturb);
  if (!incoming) return null;
  return quiet ? <Quiet key={incoming.id} incoming={incoming} /> : <Loud key={incoming.id} incoming={incoming} />;
}
