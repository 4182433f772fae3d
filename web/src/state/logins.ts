// What a login is called: the browser and the system that its user agent names, as far as anybody can tell.

type Sign = readonly [RegExp, string];

// In this order, because most browsers name the ones that they want to be taken for as well.
const kBrowsers: readonly Sign[] = [
  [/\bEdg(A|iOS)?\//, 'Edge'], [/\bOPR\//, 'Opera'], [/\bSamsungBrowser\//, 'Samsung Internet'], [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Headless)?(Chrome|CriOS|Chromium)\//, 'Chrome'], [/\bSafari\//, 'Safari'], [/\bcurl\//, 'curl'], [/\bDart\//, 'App'], [/\bokhttp\//, 'App'],
];
const kSystems: readonly Sign[] = [
  [/\biPad\b/, 'iPad'], [/\biPhone\b/, 'iPhone'], [/\bAndroid\b/, 'Android'], [/\bCrOS\b/, 'ChromeOS'], [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'], [/\bLinux\b/, 'Linux'],
];

const named = (signs: readonly Sign[], userAgent: string): string | null => signs.find(([sign]) => sign.test(userAgent))?.[1] ?? null;

/** Such as `Chrome on Linux`. */
export function deviceOf(userAgent: string): string {
  const browser = named(kBrowsers, userAgent);
  const system = named(kSystems, userAgent);
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? 'Unknown device';
}
