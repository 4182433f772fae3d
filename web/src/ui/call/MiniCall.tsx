// The call on the other pages: a bar on compact widths, else a card with the picture. It takes its own room, so it covers nothing.
import { ChevronUp, PhoneOff } from 'lucide-react';
import type { Call } from '../../state/model.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { Ring } from '../parts/Ring.tsx';
import { useActions, useBelfry } from '../use.ts';
import { callWords } from '../words/call.en.ts';
import { canCapture } from './capabilities.ts';
import { CameraButton, MicrophoneButton } from './Controls.tsx';
import { EndSigns } from './EndActions.tsx';
import { CallFace } from './Face.tsx';
import { useCallName } from './names.ts';
import { Picture } from './Picture.tsx';
import { ringOf } from './ringOf.ts';
import { Status } from './Status.tsx';
import { useCallKeys } from './useCallKeys.ts';
import { useStream } from './useStream.ts';
import { useWidth } from './useWidth.ts';
import css from './MiniCall.module.css';

/** The screen that is shared, else who speaks, else the first who has a picture. */
function useWatched(call: Call) {
  const screen = call.participants.find((person) => person.screen);
  const seen = call.participants.filter((person) => person.camera);
  const shown = screen ?? seen.find((person) => person.userId === call.activeSpeaker) ?? seen[0];
  const kind = screen ? 'screen' : 'camera';
  const stream = useStream((streams) => (shown ? streams.remote(shown.userId, kind) : null));
  return shown && stream ? { user: shown.userId, kind, stream } as const : null;
}

const nothing = (): void => undefined;
const kNoStage = { stage: false, minimise: nothing, toggleFullScreen: nothing, toggleFloating: nothing, toggle: nothing, closeTop: () => false } as const;

export function MiniCall({ call, onReturn }: { readonly call: Call; readonly onReturn: () => void }) {
  const actions = useActions();
  const name = useCallName(call);
  const width = useWidth();
  const weak = useBelfry((state) => state.quality.warn);
  const watched = useWatched(call);
  const speaking = call.participants.some((person) => person.speaking);
  useCallKeys({ ...kNoStage, call });
  const ended = call.phase === 'ended';
  const card = width !== 'compact' && watched !== null && !ended;
  const end = call.phase === 'outgoing' ? callWords.cancelCall : call.group ? callWords.leaveCall : callWords.hangUp;
  return (
    <div className={css['mini']} data-surface="stage">
      {card ? (
        <span className={css['picture']}>
          <Picture {...watched} fit={watched.kind === 'screen' ? 'whole' : 'fill'} dimmed={call.phase === 'reconnecting'} />
        </span>
      ) : (
        <span className={css['face']}><Ring state={ringOf(call, { speaking, weak })} size={40}><CallFace call={call} size={40} /></Ring></span>
      )}
      <div className={css['words']}>
        <p className={css['name']}>{name}</p>
        <Status call={call} className={css['status']} />
      </div>
      <div className={css['controls']}>
        {ended ? <EndSigns call={call} /> : (
          <>
            {canCapture() && <MicrophoneButton size="header" />}
            {canCapture() && width !== 'compact' && <CameraButton size="header" />}
            <IconButton label={callWords.returnToCall} icon={ChevronUp} size="header" tone="stage" tooltip="above" onClick={onReturn} />
            <IconButton label={end} icon={PhoneOff} size="header" tone="danger" tooltip="above-end" className={css['end']} onClick={() => actions.hangUp()} />
          </>
        )}
      </div>
    </div>
  );
}
