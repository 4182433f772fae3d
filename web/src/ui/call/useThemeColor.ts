import { useEffect } from 'react';

/** The colour of the browser's own bars, as long as the component is mounted. */
export function useThemeColor(color: string): void {
  useEffect(() => {
    const metas = [...document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')].map((meta) => ({ meta, before: meta.content }));
    for (const { meta } of metas) meta.content = color;
    return () => { for (const { meta, before } of metas) meta.content = before; };
  }, [color]);
}
