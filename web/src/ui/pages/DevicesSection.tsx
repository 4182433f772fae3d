// Which camera, microphone and speaker calls use. Nothing is opened here: names come if the browser tells them (DESIGN §3.2).
import { useEffect, useState } from 'react';
import type { Device } from '../../state/model.ts';
import { DeviceCheck } from '../call/DeviceCheck.tsx';
import { Button } from '../parts/Button.tsx';
import { Select } from '../parts/Select.tsx';
import { useActions, useBelfry } from '../use.ts';
import { pageWords } from '../words/pages.en.ts';
import css from './Pages.module.css';

const words = pageWords.settings;

function options(devices: readonly Device[], label: string) {
  return [
    { value: '', label: words.system },
    ...devices.filter(({ id }) => id !== '').map((device, at) => ({ value: device.id, label: device.label || `${label} ${at + 1}` })),
  ];
}

export function DevicesSection() {
  const { chooseDevice, loadDevices } = useActions();
  const media = useBelfry((state) => state.media);
  const [checking, setChecking] = useState(false);
  useEffect(() => { void loadDevices(); }, [loadDevices]);
  const all = [
    ['camera', words.camera, media.cameras], ['microphone', words.microphone, media.microphones], ['speaker', words.speaker, media.speakers],
  ] as const;
  return (
    <>
      <p className={css['hint']}>{words.devicesHint}</p>
      {all.map(([kind, label, devices]) => {
        const chosen = media.chosen[kind];
        const known = devices.some(({ id }) => id === chosen);
        return (
          <Select key={kind} label={label} value={known && chosen !== null ? chosen : ''} options={options(devices, label)}
            onChange={(id) => chooseDevice(kind, id || null)} />
        );
      })}
      <div><Button onClick={() => setChecking(true)} aria-haspopup="dialog">{words.checkDevices}</Button></div>
      {checking && <DeviceCheck onClose={() => setChecking(false)} />}
    </>
  );
}
