// The controls of the stage: always the same order and place (DESIGN §7.6). The red one stands apart, at the end.
import { LogOut, Mic, MicOff, PhoneOff, ScreenShare, ScreenShareOff, Video, VideoOff } from 'lucide-react';
import { type MouseEvent, useState } from 'react';
import { createPortal } from 'react-dom';
import type { Call } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { cx } from '../parts/cx.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { useActions, useBelfry } from '../use.ts';
import { callWords } from '../words/call.en.ts';
import type { Extra } from './actionsOf.ts';
import { canCapture, canShareScreen } from './capabilities.ts';
import { EndForAll } from './EndForAll.tsx';
import type { ControlsForm } from './layout.ts';
import { MoreMenu } from './MoreMenu.tsx';
import css from './Controls.module.css';

export function MicrophoneButton({ size = 'stage' }: { readonly size?: 'stage' | 'list' | 'header' }) {
  const muted = useBelfry((state) => state.media.muted);
  const actions = useActions();
  return (
    <IconButton label={muted ? callWords.unmute : callWords.mute} icon={muted ? MicOff : Mic} size={size} tone="stage" on={!muted}
      data-control="microphone" onClick={() => actions.setMuted(!muted)} />
  );
}

export function CameraButton({ size = 'stage' }: { readonly size?: 'stage' | 'list' | 'header' }) {
  const camera = useBelfry((state) => state.media.camera);
  const actions = useActions();
  return (
    <IconButton label={camera ? callWords.cameraOff : callWords.cameraOn} icon={camera ? Video : VideoOff} size={size} tone="stage" on={camera}
      data-control="camera" onClick={() => actions.setCamera(!camera)} />
  );
}

function ScreenButton() {
  const screen = useBelfry((state) => state.media.screen);
  const actions = useActions();
  return (
    <span className={cx(css['screen'], screen && css['sharing'])}>
      <IconButton label={screen ? callWords.stopSharing : callWords.shareScreen} icon={screen ? ScreenShareOff : ScreenShare} size="stage"
        on={screen} offLooks="rest" data-control="screen" onClick={() => actions.setScreen(!screen)} />
    </span>
  );
}

/** Cancel call, Hang up, Leave call, End call for all: what fits. */
export function EndButtons({ call, form }: { readonly call: Call; readonly form: ControlsForm }) {
  const actions = useActions();
  const [asking, setAsking] = useState(false);
  if (call.phase === 'outgoing') return <End label={callWords.cancelCall} form={form} act={() => actions.hangUp()} />;
  if (!call.group) return <End label={callWords.hangUp} form={form} act={() => actions.hangUp()} />;
  const endForAll = () => (call.participants.length >= 2 ? setAsking(true) : actions.endForAll());
  return (
    <>
      <End label={callWords.leaveCall} form={form} act={() => actions.hangUp()} calm={call.host} />
      {call.host && <End label={callWords.endForAll} form={form} act={endForAll} />}
      {/* Outside: a dialog has the colours of the page, not of the stage. */}
      {asking && createPortal(<EndForAll call={call} onClose={() => setAsking(false)} />, document.body)}
    </>
  );
}

interface EndProps {
  readonly label: string;
  readonly form: ControlsForm;
  readonly act: () => void;
  /** Beside another red one. */
  readonly calm?: boolean;
}

function End({ label, form, act, calm }: EndProps) {
  // The second half of a double click began on another button, which moved away when it opened a panel.
  const press = (event: MouseEvent) => { if (event.detail < 2) act(); };
  const Drawn = calm ? LogOut : PhoneOff;
  if (form !== 'words')
    return <IconButton label={label} icon={Drawn} size="end" tone={calm ? 'stage' : 'danger'} className={cx(calm && css['calm'])} onClick={press} />;
  return (
    <Button kind="danger" className={cx(css['end'], calm && css['calm'])} icon={<Drawn size={24} strokeWidth={1.75} />} onClick={press}>{label}</Button>
  );
}

export function Controls({ call, form, extras }: { readonly call: Call; readonly form: ControlsForm; readonly extras: readonly Extra[] }) {
  const all = call.phase === 'in-call';
  const compact = form === 'few';
  return (
    <div role="group" aria-label={callWords.controls} className={css['controls']} data-part="controls">
      {canCapture() && <MicrophoneButton />}
      {canCapture() && <CameraButton />}
      {all && !compact && canShareScreen() && <ScreenButton />}
      {all && compact && <MoreMenu extras={extras} />}
      {all && !compact && extras.map((extra) => (
        <IconButton key={extra.key} label={extra.label} icon={extra.icon} size="stage" className={css['quiet']} aria-expanded={extra.expanded}
          onClick={extra.act} />
      ))}
      <span className={css['gap']} />
      <EndButtons call={call} form={form} />
    </div>
  );
}

