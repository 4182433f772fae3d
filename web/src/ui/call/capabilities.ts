// What this browser can serve. A button for what it cannot is absent, not disabled (DESIGN §17.5).

const devices = (): MediaDevices | null => ('mediaDevices' in navigator ? navigator.mediaDevices : null);

export const canCapture = (): boolean => typeof devices()?.getUserMedia === 'function';
export const canShareScreen = (): boolean => typeof devices()?.getDisplayMedia === 'function';
export const canFillScreen = (): boolean => document.fullscreenEnabled === true && typeof document.documentElement.requestFullscreen === 'function';
/** The speaker can be chosen. */
export const canChooseSpeaker = (): boolean => 'setSinkId' in HTMLMediaElement.prototype;

/** A small window that a page may fill as it likes. */
export interface PictureWindows {
  requestWindow(wanted: { width: number; height: number }): Promise<Window>;
}

const isPictureWindows = (value: unknown): value is PictureWindows =>
  typeof value === 'object' && value !== null && 'requestWindow' in value && typeof value.requestWindow === 'function';

export function pictureWindows(): PictureWindows | null {
  if (!('documentPictureInPicture' in window)) return null;
  const found: unknown = window.documentPictureInPicture;
  return isPictureWindows(found) ? found : null;
}

export const canFloatVideo = (): boolean => document.pictureInPictureEnabled === true;
