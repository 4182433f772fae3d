// How large an element is now.
import { useLayoutEffect, useState, type RefObject } from 'react';
import type { Box } from './layout.ts';

const kNothing: Box = { width: 0, height: 0 };

export function useBox(element: RefObject<HTMLElement | null>): Box {
  const [box, setBox] = useState<Box>(kNothing);
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    const measure = () => {
      const next = { width: target.clientWidth, height: target.clientHeight };
      setBox((before) => (before.width === next.width && before.height === next.height ? before : next));
    };
    measure();
    if (typeof ResizeObserver === 'undefined') return undefined;
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return box;
}
