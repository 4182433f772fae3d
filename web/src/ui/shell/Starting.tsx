// A known session is being restored: at first the empty frame only, which most people hardly see, and then why it takes so long.
import { useEffect, useState } from 'react';
import { Frame } from '../Frame.tsx';
import { Banner } from '../notices/Banner.tsx';
import css from './Starting.module.css';

const kQuietMs = 1000;

export function Starting() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), kQuietMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      <Frame />
      {late && <div className={css['banner']}><Banner /></div>}
    </>
  );
}
