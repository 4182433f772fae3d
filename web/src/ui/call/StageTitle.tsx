// Who and what: the page's heading 1, the sentence of §9, and what is less than it should be.
import { MicOff } from 'lucide-react';
import type { Call } from '../../state/model.ts';
import { cx } from '../parts/cx.ts';
import { Ring } from '../parts/Ring.tsx';
import { useBelfry } from '../use.ts';
import { callWords } from '../words/call.en.ts';
import { mediaWords } from '../words/media.en.ts';
import { sharer } from './arrange.ts';
import { useCallName, useName } from './names.ts';
import { Status } from './Status.tsx';
import css from './Stage.module.css';

/** While somebody is away: how long the call waits, in words. */
function Kept({ call }: { readonly call: Call }) {
  const offline = useBelfry((state) => state.connection === 'offline');
  const away = call.participants.find((person) => person.connection === 'reconnecting')?.userId ?? call.otherId;
  const name = useName(away);
  if (call.phase !== 'reconnecting') return null;
  const text = call.reconnectingMine ? (offline ? callWords.keptMineOffline : callWords.keptMine) : callWords.keptTheirs(name);
  return <p className={css['second']}>{text}</p>;
}

function Sharing({ call }: { readonly call: Call }) {
  const who = sharer(call);
  const name = useName(who?.userId ?? '');
  return who && <p className={css['second']}>{callWords.sharing(name)}</p>;
}

export function StageTitle({ call, hero }: { readonly call: Call; readonly hero: boolean }) {
  const name = useCallName(call);
  const degraded = useBelfry((state) => state.media.degraded);
  const weak = useBelfry((state) => state.quality.warn) && call.phase === 'in-call';
  return (
    <div className={css['title']}>
      <h1 tabIndex={-1} className={css['name']}>{name}</h1>
      <div className={css['line']}>
        <Status call={call} className={cx(css['status'], call.phase === 'reconnecting' && css['hold'])} />
        {weak && !hero && <Ring state="poor" size={24} className={css['mark']} />}
        {call.group && call.phase === 'in-call' && <p className={css['second']}>{callWords.people(call.participants.length + 1)}</p>}
        <Kept call={call} />
        {!hero && <Sharing call={call} />}
        {degraded && call.phase !== 'ended' && <p className={css['second']} data-part="degraded">{mediaWords.degraded(degraded)}</p>}
        {hero && !call.group && call.phase === 'in-call' && call.participants[0]?.muted && (
          <p className={css['second']}><MicOff className={css['inline']} size={16} strokeWidth={1.75} aria-hidden="true" />{callWords.mutedMark}</p>
        )}
      </div>
      {call.requestId !== null && callWords.unexplained(call) && <p className={css['small']}>{callWords.requestId(call.requestId)}</p>}
    </div>
  );
}
