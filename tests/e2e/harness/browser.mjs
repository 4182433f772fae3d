// Chromium as Debian packages it, headless, with a fake camera and microphone.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const kChromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** `permissions: 'ours'`: a page gets only those devices that its context grants. Else the browser gives them to every page. */
export async function launchChromium({ permissions = 'all' } = {}) {
  // Never skipped: without a browser, no call by browsers is tested.
  assert.ok(existsSync(kChromium), `no browser at ${kChromium}; install it with: apt-get install chromium (or name one in CHROMIUM)`);
  return chromium.launch({
    executablePath: kChromium,
    args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--use-fake-device-for-media-stream',
      ...(permissions === 'all' ? ['--use-fake-ui-for-media-stream'] : []), '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}
