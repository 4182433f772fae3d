// DESIGN section 11, sentence by sentence.
import { expect, test } from 'vitest';
import type { MediaError } from '../../state/model.ts';
import { mediaSentence, unexplained } from './media.en.ts';

const error = (more: Partial<MediaError>): MediaError => ({ kind: 'camera', name: 'NotAllowedError', permission: 'denied', detail: 'none', replacement: null, ...more });

test.each<[Partial<MediaError>, string]>([
  [{}, 'Belfry may not use your camera. Allow it beside the address, then try again.'],
  [{ kind: 'microphone' }, 'Belfry may not use your microphone. Allow it beside the address, then try again.'],
  [{ permission: 'prompt' }, 'You closed the question about your camera. Press Try again and choose Allow.'],
  [{ detail: 'by-system' }, 'Your computer does not let the browser use the camera. Allow it in the system\'s privacy settings.'],
  [{ permission: 'granted' }, 'Belfry may not use your camera. Allow it beside the address, then try again.'],
  [{ name: 'SecurityError' }, 'This browser forbids the use of your camera on this page. Ask whoever looks after this computer.'],
  [{ name: 'NotFoundError' }, 'No camera was found. Plug one in, then try again.'],
  [{ name: 'NotReadableError', kind: 'microphone' }, 'Your microphone is used by another program. Close that one, then try again.'],
  [{ name: 'OverconstrainedError' }, 'The chosen camera cannot do what was asked. Choose another one in Devices.'],
  [{ name: 'OverconstrainedError', replacement: 'USB camera' }, 'The chosen camera is not there any more. Another one is used.'],
  [{ name: 'AbortError' }, 'Your camera stopped by itself. Unplug it and plug it in again, then try again.'],
  [{ name: 'InvalidStateError' }, 'The page was not active. Come back to it and try again.'],
  [{ name: 'TypeError' }, 'Calls need a secure address (https). Your camera stays closed here.'],
  [{ name: 'TimeoutError' }, 'The browser still waits for your answer about the camera. Look beside the address.'],
  [{ name: 'OddError' }, 'Your camera could not be opened. Try again, or choose another one in Devices.'],
  [{ detail: 'unplugged', kind: 'microphone', replacement: 'Headset' }, 'Your microphone was unplugged. Headset is used now.'],
  [{ detail: 'unplugged', kind: 'microphone' }, 'Your microphone was unplugged. Nobody can hear you.'],
  [{ kind: 'screen', detail: 'by-system' }, 'Your computer does not let the browser record the screen. Allow it in the system\'s privacy settings.'],
  [{ kind: 'screen', name: 'NotReadableError' }, 'The screen could not be shared. Try again, or choose a window.'],
  [{ kind: 'speaker', name: 'NotFoundError' }, 'This speaker cannot be used. The system\'s one is used.'],
])('%o: %s', (of, sentence) => expect(mediaSentence(error(of))).toBe(sentence));

test('only an error without a sentence of its own shows its name', () => {
  expect(unexplained(error({ name: 'OddError' }))).toBe('OddError');
  expect(unexplained(error({}))).toBeNull();
});
