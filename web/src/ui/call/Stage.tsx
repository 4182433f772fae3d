// The call as a page of its own: dark in both themes. DOM order is the order of the focus: heading, minimise, notices, tiles, own picture,
// controls, what is beside. Where they stand is the style sheet's business.
import { ArrowLeft, ChevronDown, MicOff } from 'lucide-react';
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { Call } from '../../state/model.ts';
import { focusHeading } from '../focus.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { useBelfry } from '../use.ts';
import { callWords } from '../words/call.en.ts';
import { extrasOf, type Panels } from './actionsOf.ts';
import { arrangementOf, selfPlaceOf } from './arrange.ts';
import { Controls } from './Controls.tsx';
import { DevicesDialog } from './DeviceCheck.tsx';
import { EndActions } from './EndActions.tsx';
import { controlsFormOf } from './layout.ts';
import { Pictures } from './Pictures.tsx';
import { type SelfPlace, SelfView } from './SelfView.tsx';
import { SidePanel } from './SidePanel.tsx';
import { type Speaker, StageNotices } from './StageNotices.tsx';
import { StageTitle } from './StageTitle.tsx';
import { useBox } from './useBox.ts';
import { useCallKeys } from './useCallKeys.ts';
import type { Floating } from './useFloating.tsx';
import { useFullScreen } from './useFullScreen.ts';
import { useIdle } from './useIdle.ts';
import { useThemeColor } from './useThemeColor.ts';
import { useMatches, useWidth } from './useWidth.ts';
import css from './Stage.module.css';

const kFadeMs = 4000;
const kChatWidth = 360;
const kChatBeside = 980;
/** What all controls with their words need. */
const kRoomForWords = 680;
/** `--stage-bg`: dark in both themes. */
const kStageColor = '#0a0f13';

export interface StageProps {
  readonly call: Call;
  readonly floating: Floating;
  readonly blockedVoice: string | null;
  readonly speaker: Speaker;
  readonly onMinimise: () => void;
}

function usePanels() {
  const [open, setOpen] = useState({ quality: false, chat: false });
  const [devices, setDevices] = useState(false);
  const [selfHidden, setSelfHidden] = useState(false);
  const panels: Panels = {
    ...open, selfHidden,
    toggle: (panel) => setOpen((now) => ({ ...now, [panel]: !now[panel] })),
    openDevices: () => setDevices(true),
    showSelf: () => setSelfHidden(false),
  };
  const closeTop = (): boolean => {
    if (!open.quality && !open.chat) return false;
    setOpen((now) => (now.quality ? { ...now, quality: false } : { ...now, chat: false }));
    return true;
  };
  return { panels, devices, closeDevices: () => setDevices(false), hideSelf: () => setSelfHidden(true), closeTop };
}

export function Stage({ call, floating, blockedVoice, speaker, onMinimise }: StageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const main = useRef<HTMLDivElement>(null);
  const width = useWidth();
  const low = useMatches('(max-height: 479.98px)');
  const room = useBox(main);
  const full = useFullScreen(stage);
  const { panels, devices, closeDevices, hideSelf, closeTop } = usePanels();
  // Beside the chat the controls stay in the middle of the window: the style sheet keeps as much free at their left, from this width on.
  const clear = panels.chat && room.width >= kChatBeside ? Math.max(room.width - kChatWidth, kRoomForWords) : room.width;
  const form = controlsFormOf(width, clear, low, call.group && call.host);
  const [tapped, setTapped] = useState(false);
  const idle = useIdle(full.on, kFadeMs);
  const muted = useBelfry((state) => state.media.muted);
  const camera = useBelfry((state) => state.media.camera);
  const me = useBelfry((state) => state.me?.id ?? null);
  useEffect(() => { focusHeading(); }, []);
  useThemeColor(kStageColor);
  useCallKeys({
    call, stage: true, minimise: onMinimise, closeTop, toggle: panels.toggle,
    toggleFullScreen: () => { if (full.can) full.toggle(); }, toggleFloating: () => { if (floating.can) floating.toggle(); },
  });

  const arranged = arrangementOf(call);
  const place = selfPlaceOf(call, arranged, { camera, hidden: panels.selfHidden });
  const ended = call.phase === 'ended';
  const quiet = call.phase === 'in-call' && arranged !== 'hero' && (idle || tapped);
  const faceSize = low ? 64 : width === 'compact' ? 128 : 160;
  const extras = extrasOf(panels, full, floating, call.conversationId !== null);
  const tap = (event: PointerEvent) => {
    if (event.pointerType !== 'mouse' && event.target instanceof Element && !event.target.closest('button, [data-tile="self"]')) setTapped(!tapped);
  };
  const self = (where: SelfPlace, tabIndex?: number) => (
    <SelfView key="self" place={where} within={main} active={me !== null && me === call.activeSpeaker} onHide={hideSelf} tabIndex={tabIndex} />
  );

  return (
    <div ref={stage} className={css['stage']} data-arrangement={arranged} data-quiet={quiet || undefined}
      data-beside={panels.chat ? 'chat' : panels.quality ? 'quality' : undefined}>
      <div ref={main} className={css['main']} data-surface="stage">
        <StageTitle call={call} hero={arranged === 'hero'} />
        {!ended && (
          <IconButton label={callWords.minimise} icon={ChevronDown} size="header" tone="stage" tooltip="below-start" className={css['minimise']}
            onClick={onMinimise} />
        )}
        {width === 'compact' && (
          <Link href="/" className={css['back']} aria-label={callWords.backToChats}><ArrowLeft size={20} strokeWidth={1.75} aria-hidden="true" /></Link>
        )}
        <StageNotices call={call} form={form} blockedVoice={blockedVoice} speaker={speaker} />
        <div className={css['pictures']} onPointerUp={tap}>
          <Pictures call={call} arranged={arranged} width={width} faceSize={faceSize} self={self} />
        </div>
        {place && place !== 'cell' && place !== 'strip' && self(place)}
        {muted && !ended && call.phase !== 'outgoing' && (
          <p className={css['pill']} data-part="muted"><MicOff size={16} strokeWidth={1.75} aria-hidden="true" />{callWords.mutedPill}</p>
        )}
        {ended ? <EndActions call={call} /> : <Controls call={call} form={form} extras={extras} />}
      </div>
      <SidePanel call={call} chat={panels.chat && !ended} quality={panels.quality && !ended} onCloseQuality={() => panels.toggle('quality')} />
      {devices && !ended && <DevicesDialog onClose={closeDevices} />}
    </div>
  );
}
