// What the stage has to say besides the status: refused devices, the browser's question, a voice that waits for a click, a weak connection.
import { Volume2 } from 'lucide-react';
import type { Call } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { useBelfry } from '../use.ts';
import { callWords } from '../words/call.en.ts';
import { mediaWords } from '../words/media.en.ts';
import type { ControlsForm } from './layout.ts';
import { MediaNotices, PermissionHint } from './MediaNotices.tsx';
import { useName } from './names.ts';
import { OwnShare } from './OwnShare.tsx';
import css from './Stage.module.css';

/** The chosen speaker; `error`: the name of what the browser refused it with. */
export interface Speaker {
  readonly error: string | null;
  readonly retry: () => void;
  readonly dismiss: () => void;
}

export interface StageNoticesProps {
  readonly call: Call;
  readonly form: ControlsForm;
  /** Whose voice the browser holds back until somebody clicks. */
  readonly blockedVoice: string | null;
  readonly speaker: Speaker;
}

function SpeakerFailed({ error, retry, dismiss }: Speaker) {
  const told = useBelfry((state) => state.media.errors.some((each) => each.kind === 'speaker'));
  return error !== null && !told && (
    <div role="alert" className={css['card']} data-media-error={error} data-media-kind="speaker">
      <p>{mediaWords.sentence({ kind: 'speaker', name: error, permission: 'unknown', detail: 'none', replacement: null })}</p>
      <Button size="small" kind="quiet" onClick={dismiss}>{mediaWords.dismiss}</Button>
      <Button size="small" className={css['onStage']} onClick={retry}>{mediaWords.tryAgain}</Button>
    </div>
  );
}

export function StageNotices({ call, form, blockedVoice, speaker }: StageNoticesProps) {
  const quality = useBelfry((state) => state.quality);
  const name = useName(blockedVoice ?? call.participants[0]?.userId ?? call.otherId);
  if (call.phase === 'ended') return null;
  return (
    <div className={css['notices']}>
      <PermissionHint type={call.type} />
      <MediaNotices />
      <SpeakerFailed {...speaker} />
      {blockedVoice !== null && (
        <p className={css['card']} data-part="voice-hint"><Volume2 size={20} strokeWidth={1.75} aria-hidden="true" />{callWords.clickToHear(name)}</p>
      )}
      {quality.warn && call.phase === 'in-call' && (
        <p className={css['weak']} data-part="weak">{quality.cause === 'their-side' ? callWords.weakTheirs(name) : callWords.weak}</p>
      )}
      {call.phase === 'in-call' && <OwnShare form={form} />}
    </div>
  );
}
