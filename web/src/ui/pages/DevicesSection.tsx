// Which camera, microphone and speaker calls use. Nothing is opened here: names come if the browser tells them (DESIGN §3.2).
import { useState } from 'react';
import { DeviceCheck } from '../call/DeviceCheck.tsx';
import { DeviceSelects } from '../call/DeviceSelects.tsx';
import { Button } from '../parts/Button.tsx';
import { pageWords } from '../words/pages.en.ts';
import css from './Pages.module.css';

const words = pageWords.settings;

export function DevicesSection() {
  const [checking, setChecking] = useState(false);
  return (
    <>
      <p className={css['hint']}>{words.devicesHint}</p>
      <DeviceSelects />
      <div><Button onClick={() => setChecking(true)} aria-haspopup="dialog">{words.checkDevices}</Button></div>
      {checking && <DeviceCheck onClose={() => setChecking(false)} />}
    </>
  );
}
