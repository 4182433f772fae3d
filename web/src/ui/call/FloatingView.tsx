// What is in the small window: who, since when, mute and hang up.
import { PhoneOff } from 'lucide-react';
import type { Call } from '../../state/model.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { Ring } from '../parts/Ring.tsx';
import { useActions, useBelfry } from '../use.ts';
import { callWords } from '../words/call.en.ts';
import { MicrophoneButton } from './Controls.tsx';
import { CallFace } from './Face.tsx';
import { useCallName } from './names.ts';
import { Picture } from './Picture.tsx';
import { ringOf } from './ringOf.ts';
import { useStream } from './useStream.ts';
import css from './FloatingView.module.css';

export function FloatingView({ call }: { readonly call: Call }) {
  const actions = useActions();
  const name = useCallName(call);
  const weak = useBelfry((state) => state.quality.warn);
  const speaker = call.participants.find((person) => person.userId === call.activeSpeaker) ?? call.participants[0];
  const stream = useStream((streams) => (speaker?.camera ? streams.remote(speaker.userId, 'camera') : null));
  return (
    <div className={css['window']} data-surface="stage">
      {stream && speaker
        ? <Picture stream={stream} user={speaker.userId} kind="camera" fit="auto" className={css['picture']} />
        : <Ring state={ringOf(call, { speaking: speaker?.speaking ?? false, weak })} size={96}><CallFace call={call} size={96} /></Ring>}
      <div className={css['bar']}>
        <p className={css['name']}>{name}</p>
        <MicrophoneButton size="header" />
        <IconButton label={call.group ? callWords.leaveCall : callWords.hangUp} icon={PhoneOff} size="header" tone="danger" tooltip="none"
          className={css['end']} onClick={() => actions.hangUp()} />
      </div>
    </div>
  );
}
