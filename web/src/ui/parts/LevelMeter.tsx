// How loud it is now. The bar is written as a CSS variable each 100 ms, without a render; the meter's value once a second, because a screen
// reader would otherwise never stop speaking.
import { useEffect, useRef, useState } from 'react';
import { cx } from './cx.ts';
import css from './Meters.module.css';

export interface LevelMeterProps {
  readonly label: string;
  /** Loudness now, 0 to 1. */
  readonly read: () => number;
  /** Called with true after 5 s without a sound, with false when one comes. */
  readonly onSilent?: ((silent: boolean) => void) | undefined;
  readonly className?: string | undefined;
}

const kStep = 100;
const kSilentAfter = 5000;
const kSilence = 0.01;

export function LevelMeter({ label, read, onSilent, className }: LevelMeterProps) {
  const bar = useRef<HTMLDivElement>(null);
  const latest = useRef({ read, onSilent });
  const [value, setValue] = useState(0);
  useEffect(() => { latest.current = { read, onSilent }; });
  useEffect(() => {
    let quiet = 0;
    let loudest = 0;
    let steps = 0;
    const timer = setInterval(() => {
      const level = Math.min(1, Math.max(0, latest.current.read()));
      bar.current?.style.setProperty('--level', level.toFixed(3));
      loudest = Math.max(loudest, level);
      const before = quiet;
      quiet = level > kSilence ? 0 : quiet + kStep;
      if (quiet === kSilentAfter) latest.current.onSilent?.(true);
      else if (quiet === 0 && before >= kSilentAfter) latest.current.onSilent?.(false);
      steps += 1;
      if (steps % 10 === 0) {
        setValue(Math.round(loudest * 100));
        loudest = 0;
      }
    }, kStep);
    return () => clearInterval(timer);
  }, []);
  return <div ref={bar} role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={value} className={cx(css['meter'], className)} />;
}
