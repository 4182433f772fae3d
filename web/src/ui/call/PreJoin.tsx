// Before one joins a group call that runs already, or comes by a link: see and hear oneself first, and who is there.
import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { CallType, Conversation } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { LevelMeter } from '../parts/LevelMeter.tsx';
import { Mic, MicOff, Video, VideoOff } from 'lucide-react';
import { useActions, useBelfry } from '../use.ts';
import { callWords } from '../words/call.en.ts';
import { mediaWords } from '../words/media.en.ts';
import { PersonFace } from './Face.tsx';
import { MediaNotices } from './MediaNotices.tsx';
import { groupNameOf, nameOf } from './names.ts';
import { OwnPreview } from './OwnPreview.tsx';
import { usePreview } from './usePreview.ts';
import css from './PreJoin.module.css';

export function PreJoin({ conversation, onNotNow }: { readonly conversation: Conversation; readonly onNotNow: () => void }) {
  const actions = useActions();
  const [wanted, setWanted] = useState({ camera: true, microphone: true });
  const preview = usePreview(wanted);
  const title = useBelfry((state) => groupNameOf(state, conversation.id));
  const there = conversation.activeCallPeople ?? [];
  const who = useBelfry(useShallow((state) => there.map((user) => nameOf(state, user))));
  const join = (type: CallType) => {
    actions.joinCall(conversation.id, type);
    if (!wanted.microphone) actions.setMuted(true);
    if (type === 'video' && !wanted.camera) actions.setCamera(false);
  };
  const footer = (
    <>
      <Button kind="quiet" onClick={onNotNow}>{callWords.notNow}</Button>
      <Button onClick={() => join('audio')}>{callWords.joinWithAudio}</Button>
      <Button kind="live" onClick={() => join('video')}>{callWords.joinWithVideo}</Button>
    </>
  );
  return (
    <Dialog title={callWords.ready} width="wide" onClose={onNotNow} footer={footer}>
      <div className={css['columns']}>
        <div className={css['own']}>
          <OwnPreview stream={preview.stream} camera={wanted.camera} />
          <div className={css['controls']}>
            <IconButton label={wanted.microphone ? callWords.mute : callWords.unmute} icon={wanted.microphone ? Mic : MicOff} size="stage" tone="stage"
              on={wanted.microphone} data-control="microphone" onClick={() => setWanted({ ...wanted, microphone: !wanted.microphone })} />
            <IconButton label={wanted.camera ? callWords.cameraOff : callWords.cameraOn} icon={wanted.camera ? Video : VideoOff} size="stage" tone="stage"
              on={wanted.camera} data-control="camera" onClick={() => setWanted({ ...wanted, camera: !wanted.camera })} />
            <LevelMeter label={mediaWords.level} read={preview.level} className={css['level']} />
          </div>
          <MediaNotices kinds={['camera', 'microphone']} />
        </div>
        <div className={css['there']}>
          <h3 className={css['title']}>{title}</h3>
          <ul className={css['faces']}>
            {there.map((user, at) => <li key={user} className={css['face']}><PersonFace user={user} size={32} /><span>{who[at]}</span></li>)}
          </ul>
          {who.length > 0 && <p className={css['sentence']}>{callWords.inThisCall(who)}</p>}
        </div>
      </div>
    </Dialog>
  );
}
