// The curve of a minute.

/** `d` of a path over `width` by `height`: one point per sample, missing ones leave a gap. The largest value is at the top. */
export function sparkline(values: readonly (number | null)[], width: number, height: number): string {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return '';
  const most = Math.max(...known, 1);
  const step = width / Math.max(1, values.length - 1);
  let path = '';
  let drawing = false;
  values.forEach((value, at) => {
    if (value === null) {
      drawing = false;
      return;
    }
    path += `${drawing ? 'L' : 'M'}${Math.round(at * step * 10) / 10} ${Math.round((height - (value / most) * height) * 10) / 10}`;
    drawing = true;
  });
  return path;
}
