// The one element that is a call of mine: its attributes are what outside tests read (DESIGN §17.5). The voices are in it whatever is shown, so
// that nobody falls silent when the stage becomes the mini call.
import { useCallback, useMemo, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Call, UserId } from '../../state/model.ts';
import { useBelfry } from '../use.ts';
import { FloatingView } from './FloatingView.tsx';
import { MediaNotices } from './MediaNotices.tsx';
import { MiniCall } from './MiniCall.tsx';
import { useRegionAttributes } from './regionAttributes.ts';
import { Stage } from './Stage.tsx';
import { useFloating } from './useFloating.tsx';
import { Voices } from './Voices.tsx';
import css from './CallRegion.module.css';

export interface CallRegionProps {
  readonly stage: boolean;
  readonly onMinimise: () => void;
  readonly onReturn: () => void;
}

function useBlockedVoices() {
  const [blocked, setBlocked] = useState<readonly UserId[]>([]);
  const onBlocked = useCallback((user: UserId, is: boolean) => setBlocked((all) => {
    if (all.includes(user) === is) return all;
    return is ? [...all, user] : all.filter((other) => other !== user);
  }), []);
  return { first: blocked[0] ?? null, onBlocked };
}

/** The speaker that was chosen, which the browser may refuse. */
function useSpeaker() {
  const [error, setError] = useState<string | null>(null);
  const [speakerTries, setTries] = useState(0);
  const onSpeakerFailed = useCallback((refusal: unknown) => setError(refusal instanceof DOMException ? refusal.name : 'Error'), []);
  const retry = () => {
    setError(null);
    setTries(speakerTries + 1);
  };
  return { speaker: { error, retry, dismiss: () => setError(null) }, speakerTries, onSpeakerFailed };
}

export default function CallRegion({ stage, ...to }: CallRegionProps) {
  const call = useBelfry((state) => state.call);
  return call && <Region call={call} stage={stage} {...to} />;
}

function Region({ call, stage, onMinimise, onReturn }: CallRegionProps & { readonly call: Call }) {
  const region = useRef<HTMLElement>(null);
  const attributes = useRegionAttributes(call, stage);
  const { first: blockedVoice, onBlocked } = useBlockedVoices();
  const { speaker, ...speakers } = useSpeaker();
  const users = useBelfry(useShallow((state) => (state.call && state.call.phase !== 'ended' ? state.call.participants.map((person) => person.userId) : [])));
  const pictured = call.participants.some((person) => person.camera || person.screen);
  const { can, toggle, portal } = useFloating(region, pictured, <FloatingView call={call} />);
  const floating = useMemo(() => ({ can, toggle }), [can, toggle]);
  return (
    <section ref={region} {...attributes} className={stage ? css['stage'] : css['mini']}>
      <Voices users={users} onBlocked={onBlocked} {...speakers} />
      {!stage && call.phase !== 'ended' && <div className={css['notices']}><MediaNotices /></div>}
      {stage
        ? <Stage call={call} floating={floating} blockedVoice={blockedVoice} speaker={speaker} onMinimise={onMinimise} />
        : <MiniCall call={call} onReturn={onReturn} />}
      {portal}
    </section>
  );
}
