// What this browser may do to be noticed. The browser is asked for permission by the first switch only, when it is turned on (DESIGN §10.6).
import { Play } from 'lucide-react';
import { Button } from '../parts/Button.tsx';
import { Slider } from '../parts/Slider.tsx';
import { Switch } from '../parts/Switch.tsx';
import { useActions, useBelfry } from '../use.ts';
import { pageWords } from '../words/pages.en.ts';
import css from './Pages.module.css';

const words = pageWords.settings;

export function NotificationsSection() {
  const { set, setNotifications, playRingtone } = useActions();
  const settings = useBelfry((state) => state.settings);
  const { notifications, ringHere, ringtoneVolume, doNotDisturb, singleKeys } = settings;
  return (
    <>
      <Switch label={words.push} hint={words.pushHint[notifications]} checked={notifications === 'on' || notifications === 'asking'}
        busy={notifications === 'asking'} disabled={notifications === 'unsupported'} onChange={(on) => void setNotifications(on)} />
      <Switch label={words.ringHere} checked={ringHere} onChange={(on) => set({ ringHere: on })} />
      <div className={css['volume']}>
        <Slider label={words.volume} value={ringtoneVolume} valueText={words.volumeIs(ringtoneVolume)} onChange={(volume) => set({ ringtoneVolume: volume })} />
        <Button icon={<Play size={16} strokeWidth={1.75} />} onClick={playRingtone}>{words.playRingtone}</Button>
      </div>
      <Switch label={words.doNotDisturb} hint={words.doNotDisturbHint} checked={doNotDisturb} onChange={(on) => set({ doNotDisturb: on })} />
      <Switch label={words.singleKeys} hint={words.singleKeysHint} checked={singleKeys} onChange={(on) => set({ singleKeys: on })} />
    </>
  );
}
