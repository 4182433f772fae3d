// One `<audio>` for each remote voice, outside the tiles: it goes on when the stage becomes the mini call or a tile is not shown.
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { UserId } from '../../state/model.ts';
import { useBelfry } from '../use.ts';
import { useStream } from './useStream.ts';

interface Voice {
  readonly user: UserId;
  /** The browser wants a click before it plays this voice, or has had it. */
  readonly onBlocked: (user: UserId, blocked: boolean) => void;
  readonly onSpeakerFailed: (error: unknown) => void;
  /** Grows when the chosen speaker is to be tried again. */
  readonly speakerTries: number;
}

/** What a browser has that lets a page choose the speaker. */
const choosesSpeaker = (element: HTMLAudioElement): boolean => typeof element.setSinkId === 'function';

function OneVoice({ user, onBlocked, onSpeakerFailed, speakerTries }: Voice) {
  const audio = useRef<HTMLAudioElement>(null);
  const stream = useStream((streams) => streams.remote(user, 'voice'));
  const speaker = useBelfry((state) => state.media.chosen.speaker);
  const [blocked, setBlocked] = useState(false);

  useLayoutEffect(() => {
    const element = audio.current;
    if (!element) return undefined;
    element.srcObject = stream;
    let gone = false;
    if (stream) {
      void Promise.resolve(element.play()).then(
        () => { if (!gone) setBlocked(false); },
        (error: unknown) => { if (!gone) setBlocked(error instanceof DOMException && error.name === 'NotAllowedError'); });
    }
    return () => {
      gone = true;
      element.srcObject = null;
    };
  }, [stream]);

  useEffect(() => {
    const element = audio.current;
    if (!element || !choosesSpeaker(element) || (element.sinkId ?? '') === (speaker ?? '')) return;
    element.setSinkId(speaker ?? '').catch(onSpeakerFailed);
  }, [speaker, onSpeakerFailed, speakerTries]);

  useEffect(() => {
    onBlocked(user, blocked);
    if (!blocked) return undefined;
    const start = () => { audio.current?.play().then(() => setBlocked(false), () => undefined); };
    window.addEventListener('pointerdown', start);
    window.addEventListener('keydown', start);
    return () => {
      onBlocked(user, false);
      window.removeEventListener('pointerdown', start);
      window.removeEventListener('keydown', start);
    };
  }, [blocked, user, onBlocked]);

  return <audio ref={audio} data-user={user} autoPlay />;
}

export function Voices({ users, ...told }: { readonly users: readonly UserId[] } & Omit<Voice, 'user'>) {
  return users.map((user) => <OneVoice key={user} user={user} {...told} />);
}
